#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>
#include <variant>

#include "retrain/base/error.h"

namespace retrain {

// A value, or the reason there is none. A bug is not an Error: it stops the program.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }

  // REQUIRES: ok().
  const T& value() const& { return std::get<0>(state_); }
  T& value() & { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  // REQUIRES: !ok().
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

// Success without a value, or the reason there is none.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;
inline Status Ok() { return {}; }

// Stops the program with one line: for what cannot happen unless our own code is wrong.
[[noreturn]] inline void Bug(const char* what, const char* file, int line) {
  std::fprintf(stderr, "retrain: bug: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace retrain

#define RETRAIN_JOIN_(a, b) a##b
#define RETRAIN_JOIN(a, b) RETRAIN_JOIN_(a, b)

// TRY(auto rows, Count(file)): the value of a Result, or return its error from this function.
#define TRY(declaration, expression) RETRAIN_TRY_(RETRAIN_JOIN(try_result_, __LINE__), declaration, expression)
#define RETRAIN_TRY_(result, declaration, expression) \
  auto result = (expression);                         \
  if (!result.ok()) return std::move(result).error(); \
  declaration = std::move(result).value()

// TRY_OK(Write(file)): return the error of a Status from this function, or go on.
#define TRY_OK(expression)                                      \
  do {                                                          \
    auto try_status = (expression);                             \
    if (!try_status.ok()) return std::move(try_status).error(); \
  } while (false)

// An invariant of our own code, checked in every build.
#define RETRAIN_ALWAYS(condition) ((condition) ? void() : ::retrain::Bug(#condition, __FILE__, __LINE__))
