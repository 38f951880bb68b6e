// Server-Sent Events: one thread serves all open pages. A page gets {"unread": n} as `event: inbox` when it begins to
// listen and whenever the number changes. A page that shows a case also gets {"id", "version"} as `event: case`. The
// database is asked about once a second, for all listeners at once, so changes made through other servers are reported,
// too. A stream is closed when its session has ended, when its person may no longer see the case, or when the client
// does not read.
#pragma once

#include "adapters/http/wire/limits.hpp"
#include "adapters/services/app.hpp"

#include <memory>
#include <string>

namespace Poco::Net {
class StreamSocket;
}

namespace cunmai::http {

class Live {
  public:
    explicit Live(App& app, const LiveLimits& limits = {});
    ~Live();

    void start();
    void stop(); // closes every stream

    // A place among the streams, held as long as the ticket lives. Null when all places, or all that one person may
    // have, are taken; the browser then asks once a minute instead.
    using Ticket = std::shared_ptr<void>;
    Ticket admit(const engine::PersonId& person);
    struct Who {
        engine::PersonId person;
        std::string session;
        engine::CaseId watches; // a case that the person may see, or empty
    };
    // Takes over the socket. REQUIRES: the head of the answer was sent.
    void add(const Poco::Net::StreamSocket& socket, const Who& who, Ticket ticket);
    std::size_t size() const; // tickets given out

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cunmai::http
