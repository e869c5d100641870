#include "retrain/store/database.h"

#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>
#include <sqlite3.h>

namespace retrain::store {
namespace {

constexpr int kBusyTimeoutMs = 5000;

struct CloseStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, CloseStatement>;

// Leaves a statement ready for its next use, whatever happened.
class ResetAtEnd final {
 public:
  explicit ResetAtEnd(sqlite3_stmt* statement) : statement_(statement) {}
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;
  ~ResetAtEnd() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
};

void Bind(sqlite3_stmt* statement, int index, const Value& value) {
  int code = SQLITE_OK;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    code = sqlite3_bind_int64(statement, index, *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    code = sqlite3_bind_double(statement, index, *real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    code = sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  } else {
    code = sqlite3_bind_null(statement, index);
  }
  RETRAIN_ALWAYS(code == SQLITE_OK);
}

Value ReadColumn(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
    case SQLITE_NULL: return {};
    default: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      return std::string(bytes == nullptr ? "" : bytes,
                         static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
  }
}

}  // namespace

struct Database::State {
  State(StateFs& its_files, std::string its_path) : files(its_files), path(std::move(its_path)) {}

  StateFs& files;
  std::string path;
  sqlite3* connection = nullptr;
  std::map<std::string, Statement, std::less<>> statements;
  std::optional<Error> broken;  // by a failed sync: what the disk holds is unknown until it is opened anew

  ~State() {
    statements.clear();
    sqlite3_close(connection);
  }

  // The last failure of this connection as an error.
  Error Failure(std::string_view doing) {
    const int code = sqlite3_extended_errcode(connection);
    Error failure = Describe(code, doing);
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) broken = failure;
    return failure;
  }

  Error Describe(int code, std::string_view doing) const {
    const std::string said = fmt::format("{} of {}: {}", doing, path, sqlite3_errmsg(connection));
    switch (code & 0xff) {
      case SQLITE_CONSTRAINT: return Error{.code = "E0402", .message = said};
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        return Error{.code = "E0401",
                     .message = fmt::format("{} is being written by another process for more than {} s", path,
                                            kBusyTimeoutMs / 1000),
                     .hint = "run the same command again"};
      case SQLITE_FULL:
        return Error{.code = "E0506",
                     .message = fmt::format("cannot write {}: the disk is full", path),
                     .hint = fmt::format("look at `df -h {}`", ParentFolder(path)),
                     .kept = "all that was committed before"};
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        return Error{.code = "E0502", .message = said, .hint = fmt::format("restore {} from a backup", path)};
      case SQLITE_READONLY:
      case SQLITE_CANTOPEN:
      case SQLITE_PERM:
        return Error{.code = "E0501",
                     .message = said,
                     .hint = fmt::format("`chmod -R u+rwX {}`, as its owner", ParentFolder(path))};
      default: return Error{.code = "E0501", .message = said};
    }
  }

  Result<sqlite3_stmt*> Prepare(std::string_view sql) {
    if (broken) return *broken;
    const auto known = statements.find(sql);
    if (known != statements.end()) return known->second.get();
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &raw, nullptr);
    if (code != SQLITE_OK) return Failure(fmt::format("`{}`", sql));
    statements.emplace(sql, Statement(raw));
    return raw;
  }

  // Write-ahead log and full syncs: what Commit() promises. The log stays when the last connection closes, so that a
  // short command does not pay for moving it into the database; that happens every thousand pages. Changing an old
  // database's mode does not wait for other connections as statements do, so two first openers may have to take turns.
  Status SetUp(Database& database) {
    sqlite3_extended_result_codes(connection, 1);
    sqlite3_busy_timeout(connection, kBusyTimeoutMs);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    TRY_OK(database.RunScript("pragma synchronous = full; pragma foreign_keys = on; pragma trusted_schema = off;"));
    for (int turn = 0;; ++turn) {
      const auto mode = database.Run("pragma journal_mode = wal");
      if (mode.ok()) {
        statements.clear();  // a pragma is run once
        if ((*mode)[0].Text(0) == "wal") return Ok();
        return Error{.code = "E0501", .message = fmt::format("{} cannot keep a write-ahead log beside it", path)};
      }
      if (mode.error().code != "E0401" || turn == kBusyTimeoutMs / 5) return mode.error();
      sqlite3_sleep(5);
    }
  }
};

std::int64_t Row::Int(std::size_t column) const {
  if (const auto* real = std::get_if<double>(&values_[column])) return static_cast<std::int64_t>(*real);
  const auto* integer = std::get_if<std::int64_t>(&values_[column]);
  return integer == nullptr ? 0 : *integer;
}

double Row::Real(std::size_t column) const {
  if (const auto* integer = std::get_if<std::int64_t>(&values_[column])) return static_cast<double>(*integer);
  const auto* real = std::get_if<double>(&values_[column]);
  return real == nullptr ? std::numeric_limits<double>::quiet_NaN() : *real;
}

std::string Row::Text(std::size_t column) const {
  const auto* text = std::get_if<std::string>(&values_[column]);
  return text == nullptr ? std::string() : *text;
}

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::Open(StateFs& files, const std::string& path) {
  auto state = std::make_unique<State>(files, path);
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  const int code = sqlite3_open_v2(path.c_str(), &state->connection, flags, files.sqlite_vfs());
  if (code != SQLITE_OK) return state->Failure("opening");
  std::unique_ptr<Database> database(new Database(std::move(state)));
  TRY_OK(database->state_->SetUp(*database));
  return database;
}

Result<std::vector<Row>> Database::Run(std::string_view sql, std::initializer_list<Value> values) {
  TRY(sqlite3_stmt* const statement, state_->Prepare(sql));
  const ResetAtEnd reset(statement);
  RETRAIN_ALWAYS(sqlite3_bind_parameter_count(statement) == static_cast<int>(values.size()));
  int index = 0;
  for (const auto& value : values) Bind(statement, ++index, value);
  std::vector<Row> rows;
  int code = sqlite3_step(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
    std::vector<Value> row;
    for (int column = 0; column < sqlite3_column_count(statement); ++column)
      row.push_back(ReadColumn(statement, column));
    rows.emplace_back(std::move(row));
  }
  if (code != SQLITE_DONE) return state_->Failure(fmt::format("`{}`", sql));
  return rows;
}

Status Database::RunScript(std::string_view sql) {
  if (state_->broken) return *state_->broken;
  const std::string text(sql);
  if (sqlite3_exec(state_->connection, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return state_->Failure("a script");
  return Ok();
}

std::int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(state_->connection); }
std::int64_t Database::changed_rows() const { return sqlite3_changes64(state_->connection); }
bool Database::in_transaction() const { return sqlite3_get_autocommit(state_->connection) == 0; }

Status Database::SyncLog() {
  const std::string log = state_->path + "-wal";
  if (!state_->files.Exists(log)) return Ok();
  TRY(auto file, state_->files.OpenFile(log, StateFs::Open::kRead));
  TRY_OK(file->Sync());
  return state_->files.SyncFolder(ParentFolder(log));
}

Status Database::CheckIntegrity() {
  TRY(const auto rows, Run("pragma integrity_check"));
  if (rows.size() == 1 && rows[0].Text(0) == "ok") return Ok();
  return Error{.code = "E0502",
               .message = fmt::format("{}: {}", state_->path, rows.empty() ? "no answer" : rows[0].Text(0)),
               .hint = fmt::format("restore {} from a backup", state_->path)};
}

Result<Transaction> Transaction::Begin(Database& database) {
  RETRAIN_ALWAYS(!database.in_transaction());
  TRY_OK(database.Run("begin immediate"));
  return Transaction(&database);
}

Result<Transaction> Transaction::Join(Database& database) {
  if (database.in_transaction()) return Transaction(nullptr);
  return Begin(database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // SQLite may have rolled back by itself, after a full disk for one.
  if (database_ != nullptr && database_->in_transaction()) (void)database_->Run("rollback");
}

Status Transaction::Commit() {
  if (database_ == nullptr) return Ok();
  TRY_OK(database_->Run("commit"));
  database_ = nullptr;
  return Ok();
}

}  // namespace retrain::store
