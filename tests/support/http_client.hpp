// A small HTTP client for tests: one keep-alive connection, one thread. Returns answers without interpreting them.
#pragma once

#include "engine/json.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace Poco::Net {
class HTTPClientSession;
}

namespace cunmai::test {

struct Answer {
    int status = 0;
    std::multimap<std::string, std::string> headers;
    std::string body;

    std::string header(const std::string& name) const;    // "" when absent; names in any case
    Json json() const;                                    // null when it is not JSON
    Json list(const std::string& member = "items") const; // a copy, so that a loop over it may outlive the Answer
    std::string code() const;                             // of a problem document
    bool has_reason(const std::string& code) const;       // of a problem document
};

struct Call {
    std::string method, path; // with query
    std::string body;
    std::map<std::string, std::string> headers;
};

class HttpClient {
  public:
    explicit HttpClient(int port, std::chrono::milliseconds patience = std::chrono::seconds(60));
    ~HttpClient();
    HttpClient(HttpClient&&) noexcept;

    Answer send(const Call& call);

    // Called after each exchange. The API tests use it to check every answer against the OpenAPI document.
    std::function<void(const Call&, const Answer&)> observer;

  private:
    int port_;
    std::chrono::milliseconds patience_;
    std::unique_ptr<Poco::Net::HTTPClientSession> session_;
};

} // namespace cunmai::test
