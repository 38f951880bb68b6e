// From a good head to an answer, in one order for every route:
//   1 path and query decoded          400
//   2 route found                     404, 405
//   3 size by Content-Length          413, nothing is read then
//   4 who asks, may they              401 or the sign-in page (with what was typed into a long form), 403
//   5 Origin of a changing request    403
//   6 body read to its end            400 when it is cut short, 408
//   7 form token                      403, for a long form with what was typed
//   8 the handler, when a seat is free       503 with Retry-After
//   9 access log: one row, written before the answer leaves. A command's row is part of its transaction (execute in
//     http.hpp); only what happened after it, a fault, gets another. When a row can't be written nobody gets the
//     answer: 503. What another changing request did is done by then, in the same database; its sender is told that
//     the outcome is unknown.
// A body that was not read is drained when small; otherwise the connection ends with the answer.
#pragma once

#include "adapters/http/edge/access.hpp"
#include "adapters/http/edge/live.hpp"
#include "adapters/http/edge/router.hpp"
#include "adapters/http/wire/framing.hpp"
#include "adapters/http/wire/seats.hpp"
#include "adapters/http/wire/temp_file.hpp"

namespace cunmai::http {

// The body of a request as the connection offers it.
struct Incoming {
    std::function<std::istream&()> open; // says "100 Continue" first, where the client waits for it
    std::function<bool()> timed_out;
    std::int64_t length = 0;
    bool opened = false, finished = false;
};

struct Answer {
    Response response;
    std::optional<TempFile> file; // the body, when the handler streamed it
    bool close = false;
    bool head_only = false;
    bool gzip = false;               // the client takes it
    std::optional<Officer> listener; // response.events: who listens
    engine::CaseId watches;          // of which case, or none
    Live::Ticket ticket;             // and their place
};

class Gateway {
  public:
    Gateway(App& app, std::vector<Route> routes, Live& live, const ServerLimits& limits);

    Answer answer(const Head& head, const std::string& address, Incoming& body); // never throws
    Answer fault(const Fault& fault);                                            // of a head that could not be read
    Answer turned_away();                                                        // at the door: 503
    int waiting() const { return seats_.waiting(); }

  private:
    struct Visit;
    Response handled(Visit& visit);
    std::string asker(const Head& head, const std::string& peer) const;
    Answer unread(const Fault& fault);
    Response answered(Visit& visit);
    void read_body(Visit& visit);
    void check_form(Visit& visit);
    void spool_answer(Visit& visit, Response& response);
    void log_access(Visit& visit, Response& response);
    Response problem(const Request& request, const std::exception_ptr& error);

    App& app_;
    Router router_;
    Live& live_;
    const std::set<std::string> proxies_;
    Seats seats_; // config.threads
};

} // namespace cunmai::http
