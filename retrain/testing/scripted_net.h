#pragma once

#include <map>
#include <utility>
#include <vector>

#include "retrain/base/net.h"

namespace retrain::testing {

// Other machines as a table: what (method, url) answers. All else does not answer: E0507. Keeps what was sent. Not
// safe from many threads.
class ScriptedNet final : public Net {
 public:
  void Answer(std::string method, std::string url, HttpResponse response) {
    answers_[{std::move(method), std::move(url)}] = std::move(response);
  }
  void TakeMail() { takes_mail_ = true; }
  const std::vector<HttpRequest>& sent() const { return sent_; }
  const std::vector<Mail>& mails() const { return mails_; }

  Status SendMail(const Mail& mail) override {
    mails_.push_back(mail);
    if (takes_mail_) return Ok();
    return Error{.code = "E0507", .message = "the mail was not taken"};
  }

  Result<HttpResponse> Send(const HttpRequest& request) override {
    sent_.push_back(request);
    const auto answer = answers_.find({request.method, request.url});
    if (answer != answers_.end()) return answer->second;
    return Error{.code = "E0507", .message = "no answer from " + request.url};
  }

 private:
  std::map<std::pair<std::string, std::string>, HttpResponse> answers_;
  std::vector<HttpRequest> sent_;
  std::vector<Mail> mails_;
  bool takes_mail_ = false;
};

}  // namespace retrain::testing
