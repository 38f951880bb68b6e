// The HTTP server. A thread per connection, as many as limits.hpp and door.hpp allow, handlers limited to
// config.threads at a time (seats.hpp), live events off the threads. Plain HTTP/1.1 on config.host: TLS is a reverse
// proxy's work.
//
// stop() takes no more connections, answers every request that had come, with `Connection: close`, and returns when all
// have been answered or their deadlines are over.
#pragma once

#include "adapters/http/edge/core_routes.hpp"
#include "adapters/http/wire/limits.hpp"

#include <memory>

namespace cunmai::http {

class Server {
  public:
    Server(App& app, std::vector<Route> routes); // limits of the configuration; throws when two routes mean the same
    Server(App& app, std::vector<Route> routes, const ServerLimits& limits);
    ~Server();

    void start(); // throws std::runtime_error when the address can't be had
    int port() const;
    void stop();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cunmai::http
