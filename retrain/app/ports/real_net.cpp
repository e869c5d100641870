#include "retrain/app/ports/real_net.h"

#include <curl/curl.h>

#include <fmt/format.h>

namespace retrain::app {
namespace {

constexpr std::size_t kMostBytes = 64'000'000;  // of an answer

// libcurl wants to be set up once, before the first thread uses it.
void SetUpOnce() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  RETRAIN_ALWAYS(done == CURLE_OK);
}

class Transfer final {
 public:
  Transfer() : handle_(curl_easy_init()) { RETRAIN_ALWAYS(handle_ != nullptr); }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() {
    curl_slist_free_all(headers_);
    curl_easy_cleanup(handle_);
  }

  template <class T>
  void Set(CURLoption option, T value) {
    curl_easy_setopt(handle_, option, value);
  }

  void AddHeader(const std::string& line) { headers_ = curl_slist_append(headers_, line.c_str()); }

  CURLcode Perform(HttpResponse& response) {
    Set(CURLOPT_HTTPHEADER, headers_);
    Set(CURLOPT_WRITEFUNCTION, &Transfer::Receive);
    Set(CURLOPT_WRITEDATA, &response.body);
    Set(CURLOPT_ERRORBUFFER, said_);
    const CURLcode code = curl_easy_perform(handle_);
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    return code;
  }

  std::string Said(CURLcode code) const { return said_[0] != '\0' ? said_ : curl_easy_strerror(code); }

 private:
  static std::size_t Receive(char* bytes, std::size_t size, std::size_t count, void* into) {
    auto& body = *static_cast<std::string*>(into);
    if (body.size() + size * count > kMostBytes) return 0;  // libcurl ends the transfer
    body.append(bytes, size * count);
    return size * count;
  }

  CURL* handle_;
  curl_slist* headers_ = nullptr;
  char said_[CURL_ERROR_SIZE] = "";
};

}  // namespace

Result<HttpResponse> RealNet::Send(const HttpRequest& request) {
  SetUpOnce();
  Transfer transfer;
  transfer.Set(CURLOPT_URL, request.url.c_str());
  transfer.Set(CURLOPT_PROTOCOLS_STR, "http,https");
  transfer.Set(CURLOPT_FOLLOWLOCATION, 0L);
  transfer.Set(CURLOPT_NOSIGNAL, 1L);
  transfer.Set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  if (request.method == "HEAD") transfer.Set(CURLOPT_NOBODY, 1L);
  transfer.Set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (!request.body.empty()) {
    transfer.Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    transfer.Set(CURLOPT_POSTFIELDS, request.body.c_str());
  }
  for (const auto& [name, value] : request.headers) {
    transfer.AddHeader(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  }
  transfer.AddHeader("Expect:");  // no round trip before a body

  HttpResponse response;
  const CURLcode code = transfer.Perform(response);
  if (code == CURLE_OK) return response;
  return Error{.code = "E0507", .message = fmt::format("no answer from {}: {}", request.url, transfer.Said(code))};
}

}  // namespace retrain::app
