// Server-Sent Events: one thread serves every open page. A person hears {"unread": n} as `event: inbox` when they begin
// to listen and whenever the number changes; one whose page shows a case also {"id", "version"} as `event: case`. Also
// when another server changed it: the database is asked about once a second, for those who listen only, for all cases
// at once. A session that ended is cut off; so is who may not see the case any more, and a client that does not read.
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

    // A place among the streams, kept as long as the ticket is. Null: all are taken, or all that one person may have;
    // the browser asks once a minute instead.
    using Ticket = std::shared_ptr<void>;
    Ticket admit(const engine::PersonId& person);
    struct Who {
        engine::PersonId person;
        std::string session;
        engine::CaseId watches; // a case that they may see; or empty
    };
    // Takes the socket; the head of the answer was sent.
    void add(const Poco::Net::StreamSocket& socket, const Who& who, Ticket ticket);
    std::size_t size() const; // tickets given out

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cunmai::http
