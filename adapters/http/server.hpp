// The HTTP server. A thread per connection (at most 256; an address other than loopback at most 64), handlers limited
// to config.threads at a time, live events off the threads. Plain HTTP/1.1 on config.host: TLS is a reverse proxy's
// work.
#pragma once

#include "adapters/http/core_routes.hpp"

#include <chrono>
#include <memory>

namespace cunmai::http {

struct ServerLimits {
    int connections_max = 256;
    int connections_per_address_max = 64;
    std::chrono::milliseconds idle{15'000}, head{10'000}, body{20'000}, answer{30'000};
};

class Server {
  public:
    Server(App& app, std::vector<Route> routes, ServerLimits limits = {}); // throws when two routes mean the same
    ~Server();

    void start(); // throws std::runtime_error when the address can't be had
    int port() const;
    void stop(); // takes no more, finishes what it took, closes live streams

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cunmai::http
