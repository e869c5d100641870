#include "retrain/app/ports/real_net.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>

#include <curl/curl.h>

#include <fmt/format.h>

namespace retrain::app {
namespace {

constexpr std::size_t kMostBytes = 64'000'000;  // of an answer

// 169.254.0.0/16 (RFC 3927) and fe80::/10 (RFC 4291): there clouds give credentials to whoever asks from the machine,
// and no receiver lives.
bool IsLinkLocal(const sockaddr& address) {
  if (address.sa_family == AF_INET)
    return ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr) >> 16U == 0xA9FE;
  if (address.sa_family != AF_INET6) return false;
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  const bool mapped = IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 169 && v6.s6_addr[13] == 254;
  return mapped || IN6_IS_ADDR_LINKLOCAL(&v6);
}

// libcurl wants to be set up once, before the first thread uses it.
void SetUpOnce() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  RETRAIN_ALWAYS(done == CURLE_OK);
}

class Transfer final {
 public:
  Transfer() : handle_(curl_easy_init()) {
    RETRAIN_ALWAYS(handle_ != nullptr);
    Set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::OpenSocket);
    Set(CURLOPT_OPENSOCKETDATA, this);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() {
    curl_slist_free_all(headers_);
    curl_slist_free_all(receivers_);
    curl_easy_cleanup(handle_);
  }

  template <class T>
  void Set(CURLoption option, T value) {
    curl_easy_setopt(handle_, option, value);
  }

  void AddReceiver(const std::string& address) { receivers_ = curl_slist_append(receivers_, address.c_str()); }
  CURLcode Post(std::string_view text) {  // as a letter
    left_ = text;
    Set(CURLOPT_MAIL_RCPT, receivers_);
    Set(CURLOPT_UPLOAD, 1L);
    Set(CURLOPT_READFUNCTION, &Transfer::Give);
    Set(CURLOPT_READDATA, this);
    Set(CURLOPT_ERRORBUFFER, said_);
    return curl_easy_perform(handle_);
  }

  void AddHeader(const std::string& line) { headers_ = curl_slist_append(headers_, line.c_str()); }

  CURLcode Perform(HttpResponse& response) {
    Set(CURLOPT_HTTPHEADER, headers_);
    Set(CURLOPT_HEADERFUNCTION, &Transfer::ReceiveHeader);
    Set(CURLOPT_HEADERDATA, &response.headers);
    Set(CURLOPT_WRITEFUNCTION, &Transfer::Receive);
    Set(CURLOPT_WRITEDATA, &response.body);
    Set(CURLOPT_ERRORBUFFER, said_);
    const CURLcode code = curl_easy_perform(handle_);
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    return code;
  }

  std::string Said(CURLcode code) const {
    if (is_link_local_) return "it is a link-local address, and nothing is sent to those";
    return said_[0] != '\0' ? said_ : curl_easy_strerror(code);
  }

 private:
  // Sees the address that a name stands for.
  static curl_socket_t OpenSocket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
    if (IsLinkLocal(address->addr)) {
      static_cast<Transfer*>(self)->is_link_local_ = true;
      return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }

  static std::size_t Give(char* into, std::size_t size, std::size_t count, void* self) {
    auto& left = static_cast<Transfer*>(self)->left_;
    const std::size_t given = left.copy(into, size * count);
    left.remove_prefix(given);
    return given;
  }

  // One line of the answer's head, with its line end.
  static std::size_t ReceiveHeader(char* bytes, std::size_t size, std::size_t count, void* into) {
    const std::string_view line(bytes, size * count);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return size * count;
    std::string name(line.substr(0, colon));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    auto value = line.substr(colon + 1);
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.front())) != 0) value.remove_prefix(1);
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.back())) != 0) value.remove_suffix(1);
    static_cast<std::vector<std::pair<std::string, std::string>>*>(into)->emplace_back(std::move(name), value);
    return size * count;
  }

  static std::size_t Receive(char* bytes, std::size_t size, std::size_t count, void* into) {
    auto& body = *static_cast<std::string*>(into);
    if (body.size() + size * count > kMostBytes) return 0;  // libcurl ends the transfer
    body.append(bytes, size * count);
    return size * count;
  }

  CURL* handle_;
  curl_slist* headers_ = nullptr;
  curl_slist* receivers_ = nullptr;
  std::string_view left_;  // of a letter
  bool is_link_local_ = false;
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

Status RealNet::SendMail(const Mail& mail) {
  SetUpOnce();
  Transfer transfer;
  transfer.Set(CURLOPT_URL, mail.server.c_str());
  transfer.Set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  transfer.Set(CURLOPT_NOSIGNAL, 1L);
  transfer.Set(CURLOPT_TIMEOUT_MS, static_cast<long>(mail.timeout.count()));
  transfer.Set(CURLOPT_USE_SSL, static_cast<long>(mail.user.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  if (!mail.user.empty()) {
    transfer.Set(CURLOPT_USERNAME, mail.user.c_str());
    transfer.Set(CURLOPT_PASSWORD, mail.password.c_str());
  }
  transfer.Set(CURLOPT_MAIL_FROM, mail.from.c_str());
  for (const auto& receiver : mail.to) transfer.AddReceiver(receiver);
  const CURLcode code = transfer.Post(mail.text);
  if (code == CURLE_OK) return Ok();
  return Error{.code = "E0507", .message = fmt::format("the mail was not taken: {}", transfer.Said(code))};
}

}  // namespace retrain::app
