#pragma once

#include <cstdint>
#include <vector>

#include "retrain/data/roles.h"
#include "retrain/model/mlp/encoded_rows.h"
#include "retrain/model/mlp/floats.h"
#include "retrain/model/mlp/kernels/kernels.h"
#include "retrain/model/mlp/layout.h"

namespace retrain::model::mlp {

// Noise that a training puts on its rows; a pure function of `seed`.
struct Noise {
  double dropout = 0;       // share of hidden units
  double code_dropout = 0;  // share of category codes that become 0, which so learns to stand for the unknown
  std::uint64_t seed = 0;
};

// Some rows on their way through the network and back, with the memory that takes: one for each thread, used again and
// again. Borrows the kernels and the layout. Not safe from many threads.
class Pass final {
 public:
  Pass(const Kernels& kernels, const Layout& layout, std::int64_t most_rows);

  // Takes `count` rows of `table`: rows order[0 …], or `first` and those after it when there is no order.
  void Load(const EncodedRows& table, const std::uint32_t* order, std::int64_t first, std::int64_t count,
            const Noise& noise = {});

  // The outputs of the loaded rows, [rows][layout.output_width]: valid until the next Load.
  const float* Forward(const float* weights);

  // After Forward: Σ weight · loss of the loaded rows (log loss; half the squared error of a standardised value), and
  // into `gradient` (layout.size floats) scale · its derivative by each parameter.
  double Backward(data::Task task, const float* weights, float scale, float* gradient);

 private:
  double OutputsBack(data::Task task, float scale);
  void LoadCodes(const EncodedRows& table, const std::uint32_t* order, std::int64_t first);
  void HeadBack(const float* weights, float* gradient);
  void HiddenBack(std::size_t layer, const float* weights, float* gradient);
  void InputsBack(const float* weights, float* gradient);
  float keep_scale() const;  // what an active unit is multiplied with under dropout

  const Kernels& kernels_;
  const Layout& layout_;
  std::int64_t rows_ = 0;
  Noise noise_;
  Floats dense_;  // [rows][dense_inputs], row length rounded up
  std::int64_t dense_row_;
  std::vector<std::uint32_t> direct_codes_, embedding_codes_;  // rows of the two tables
  std::vector<Floats> hidden_, hidden_gradient_;
  Floats outputs_, output_gradient_, transposed_, embedding_gradient_;
  Floats labels_, weights_;
  bool weighted_ = false;
};

}  // namespace retrain::model::mlp
