// From a good head to an answer, in one order for every route:
//   1 path and query decoded          400
//   2 route found                     404, 405
//   3 who asks; size by Content-Length          413, nothing is read then
//   4 may they                        401 or the sign-in page (with what was typed into a long form), 403
//   5 Origin of a changing request    403
//   6 body read to its end            400 when it is cut short, 408
//   7 form token                      403, for a long form with what was typed
//   8 the handler, when a seat is free       503 with Retry-After; not for a client that has left meanwhile. What a
//     GET reads is of one moment (db/kernel/snapshot.hpp)
//   9 access log: one row, written before the answer leaves. A command's row is part of its transaction (execute in
//     http.hpp); a fault after that gets a row of its own. When the row can't be written the answer is withheld and
//     503 is sent instead. If the request has changed something by then, the 503 says that the outcome is unknown.
// An unread body is drained when it is small; otherwise the connection ends with the answer. Nothing that a stranger
// sends is written to the disk.
#pragma once

#include "adapters/http/edge/access.hpp"
#include "adapters/http/edge/faces.hpp"
#include "adapters/http/edge/live.hpp"
#include "adapters/http/edge/router.hpp"
#include "adapters/http/wire/framing.hpp"
#include "adapters/http/wire/seats.hpp"
#include "adapters/http/wire/temp_file.hpp"

namespace cunmai::http {

// The body of a request as the connection offers it.
struct Incoming {
    std::function<std::istream&()> open; // sends "100 Continue" first if the client waits for it
    std::function<bool()> whole;         // once it was read to its end: nothing is missing
    std::function<bool()> broken;        // its chunks are none
    std::function<bool()> timed_out;
    std::function<bool()> has_left; // the client hung up
    // From now on nobody shows the client out to make room for others. False: that has happened.
    std::function<bool()> begin_work;
    std::int64_t length = 0; // -1: it comes in chunks
    bool opened = false, finished = false, begun = false;
};

struct Answer {
    Response response;
    std::optional<TempFile> file; // the body, when the handler streamed it
    bool close = false;
    bool nobody_hears = false; // the client has left: there is nothing to send
    bool head_only = false;
    bool gzip = false;               // the client accepts gzip
    std::optional<Officer> listener; // response.events: who listens
    engine::CaseId watches;          // the case that the listener's page shows, or empty
    Live::Ticket ticket;             // the listener's place among the streams
};

class Gateway {
  public:
    Gateway(App& app, Site site, Live& live, const ServerLimits& limits);

    Answer answer(const Head& head, const std::string& address, Incoming& body); // never throws
    Answer fault(const Fault& fault, std::string_view heard); // of a head that could not be read, as far as it came
    Answer turned_away();                                     // the 503 for a connection that is not let in
    int waiting() const { return seats_.waiting(); }

  private:
    struct Visit;
    Response handled(Visit& visit);
    std::int64_t bytes_max(const Request& request, const Route& route) const;
    Answer left(const Visit& visit);
    void note(const Visit& visit, int status); // log and metrics
    std::string asker(const Head& head, const std::string& peer) const;
    Answer unread(const Fault& fault, const HeardHead& heard);
    Response answered(Visit& visit);
    void read_body(Visit& visit);
    void check_form(Visit& visit);
    void spool_answer(Visit& visit, Response& response);
    void log_access(Visit& visit, Response& response);
    Response problem(const Request& request, const std::exception_ptr& error);

    App& app_;
    Router router_;
    const Faces faces_;
    Live& live_;
    const std::set<std::string> proxies_;
    Seats seats_; // config.threads
};

} // namespace cunmai::http
