// One connection to a server, kept alive: sends a request, reads the whole answer. For load, not for convenience.
#pragma once

#include <string>

namespace cunmai::bench {

class KeepAlive {
  public:
    explicit KeepAlive(int port);
    ~KeepAlive();
    KeepAlive(const KeepAlive&) = delete;
    KeepAlive& operator=(const KeepAlive&) = delete;

    // The answer's status; its body is in body().
    int ask(const std::string& method, const std::string& path, const std::string& headers, const std::string& content);
    const std::string& body() const { return body_; }

  private:
    void send_all(const std::string& text);
    void receive_more();

    int socket_ = -1;
    std::string received_, body_;
};

} // namespace cunmai::bench
