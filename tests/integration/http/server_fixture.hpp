// A real server on a free port with a few routes of its own, a real database in a folder of its own, and a client that
// sends exactly the bytes it is told.
#pragma once

#include "adapters/http/site/site.hpp"
#include "adapters/services/sign_in.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>

namespace cunmai::test {

inline constexpr std::size_t large_bytes = 24u << 20; // of GET /large: more than the network holds

struct Reply {
    int status = 0;
    std::multimap<std::string, std::string> headers; // names in lower case
    std::string body;
    bool closed = false; // the server ended the connection after it

    std::string header(const std::string& lower_name) const;
    Json json() const { return Json::parse(body, nullptr, false); }
    std::string code() const; // of a problem document
};

class Wire { // one connection
  public:
    // `from`: another loopback address is another client to the server, and not a proxy. `receive_bytes`: how much the
    // client buffers before the server has to wait.
    explicit Wire(int port, const char* from = "127.0.0.1", int receive_bytes = 0);
    ~Wire();
    Wire(const Wire&) = delete;

    void send(std::string_view bytes);  // it is no error when the server hangs up
    void end();                         // no more will be sent
    Reply read(bool head_only = false); // one answer; status 0 when the connection ended without one
    std::string read_until(std::string_view mark);
    bool at_end();      // waits for the server to hang up
    std::size_t rest(); // waits for the same; returns the number of bytes that still came
    bool hears_within(std::chrono::milliseconds patience); // whether bytes, or the end, have come

  private:
    bool more();
    int handle_ = -1;
    std::string received_;
};

// GET and POST /wait stay inside until the gate is opened.
class Gate {
  public:
    void pass();
    void wait_for(int people); // waits until so many have come since it was made
    void open();

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int came_ = 0;
    bool open_ = false;
};

class Folder { // temporary
  public:
    Folder();
    ~Folder();
    std::string path;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class HttpTest : public ::testing::Test {
  protected:
    void SetUp() override;
    void TearDown() override;
    void start(Config config = {}); // again, with another configuration
    void restart(bool new_app);     // the same database

    Reply get(const std::string& target, const Headers& headers = {});
    Reply post(const std::string& target, const std::string& type, const std::string& body,
               const Headers& headers = {});
    Reply ask(const std::string& method, const std::string& target, const std::string& body, const Headers& headers);
    Reply raw(std::string_view bytes); // a connection of its own

    // A person who can sign in as `login` with the password "correct horse".
    engine::PersonId add_person(const std::string& login);
    sign_in::Ticket signed_in(const std::string& login, const std::string& kind = "browser");
    std::string origin() const { return "http://" + host(); }
    std::string host() const { return "127.0.0.1:" + std::to_string(server->port()); }
    Headers as(const sign_in::Ticket& ticket) const;          // cookie, Origin, form token
    static Headers as_program(const sign_in::Ticket& ticket); // of kind "bearer"
    static std::string lines_of(const Headers& headers);      // as they go over the wire
    void move_clock(std::int64_t seconds) { app->clock.set_offset(app->clock.offset_micros() + seconds * 1'000'000); }
    int changes_made() const;                                // by the route that changes something
    double metric(const std::string& name_and_labels) const; // NaN: not there
    // Checks a condition again and again. Returns false when it does not come true in a long while.
    static bool eventually(const std::function<bool()>& condition);
    Gate& gate();

    Folder folder;
    std::unique_ptr<App> app;
    std::unique_ptr<http::Server> server;
    http::ServerLimits limits;
};

} // namespace cunmai::test
