#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "retrain/base/result.h"
#include "retrain/base/state_fs.h"

namespace retrain::store {

using Value = std::variant<std::monostate, std::int64_t, double, std::string>;  // monostate: SQL null

// One row of an answer, by column number.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  bool IsNull(std::size_t column) const { return std::holds_alternative<std::monostate>(values_[column]); }
  std::int64_t Int(std::size_t column) const;  // 0 for null
  double Real(std::size_t column) const;       // NaN for null
  std::string Text(std::size_t column) const;  // "" for null

 private:
  std::vector<Value> values_;
};

// A connection to one pipeline's state. WAL with synchronous=FULL: when Commit() returns Ok the change survives a
// power loss. Statements are prepared once and kept. After a failed sync nothing works any more: open it anew, when the
// disk is well. Not safe from many threads; other processes may hold their own.
class Database final {
 public:
  static Result<std::unique_ptr<Database>> Open(StateFs& files, const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs one statement; its rows, if it gives any. A uniqueness or check violation is E0402, a full disk E0506, a
  // database held longer than 5 s by another process E0401, damage E0502, all else E0501.
  Result<std::vector<Row>> Run(std::string_view sql, std::initializer_list<Value> values = {});

  Status RunScript(std::string_view sql);  // several statements, no answers
  std::int64_t last_insert_id() const;
  std::int64_t changed_rows() const;  // by the last Run
  bool in_transaction() const;

  // A process that was killed may have written a commit that it did not live to sync; who opens the database next sees
  // it. Makes it safe. Call it before building on what others have written.
  Status SyncLog();
  Status CheckIntegrity();  // E0502

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// BEGIN IMMEDIATE … COMMIT. Rolls back when destroyed without a Commit(). One at a time a connection.
class Transaction final {
 public:
  static Result<Transaction> Begin(Database& database);

  // Takes part in the transaction that is open, whose owner then decides; or begins one.
  static Result<Transaction> Join(Database& database);

  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Status Commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;  // null: ended, moved from, or the owner is another
};

// Numbered steps of a schema; `name` is the room that owns the tables. Applies the steps that the database has not
// seen, in the caller's transaction or in one of its own. E0503 when it has seen more steps than there are.
Status Migrate(Database& database, std::string_view name, std::span<const std::string_view> steps);

}  // namespace retrain::store
