// The public API as seen by a program: one kept-alive connection, any number of people. A client belongs to one thread;
// the tokens are shared.
#pragma once

#include "engine/json.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

namespace cunmai::pilot {

// The server can't be talked to, or is not what it should be.
class Unreachable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// An answer that the story did not expect: who asked what, and what came back.
class Unexpected : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct Answer {
    int status = 0;
    Json body;
    std::string etag;

    bool ok() const { return status >= 200 && status < 300; }
    bool says(std::string_view code) const; // the problem's code, or that of one of its reasons
    std::string brief() const;              // "422 refused: answers_missing (…)"
};

// Who is signed in. Everybody of the demo district has the same password.
class SignIns {
  public:
    explicit SignIns(std::string password) : password_(std::move(password)) {}
    struct Ticket {
        std::string token, person;
    };
    const std::string& password() const { return password_; }
    Ticket find(const std::string& login) const; // empty token: not signed in
    void keep(const std::string& login, const Ticket& ticket);
    void forget_tokens(); // the clock was moved: every session is over

  private:
    const std::string password_;
    mutable std::mutex mutex_;
    std::map<std::string, Ticket> tickets_; // person ids stay when tokens go
};

struct Receipt {
    std::string state;
    std::int64_t version = 0;
    std::string created; // the child case, when one was opened
};

class ApiClient {
  public:
    ApiClient(const std::string& server, SignIns& sign_ins); // throws Unreachable when the address is none
    ~ApiClient();

    using Headers = std::map<std::string, std::string>;
    // Signs the person in when they are not, and once more when their session is over. An empty login: nobody.
    Answer send(const std::string& login, const std::string& method, const std::string& path, const Json& body = {},
                const Headers& headers = {});

    // These throw Unexpected unless the answer is a good one.
    Json get(const std::string& login, const std::string& path);
    Json post(const std::string& login, const std::string& path, const Json& body, const Headers& headers = {});
    std::string upload(const std::string& login, const std::string& name, const std::string& type,
                       const std::string& content); // SHA-256
    Json all_items(const std::string& login,
                   const std::string& path);      // of every page of a list; `path` has a query already
    std::string person(const std::string& login); // id

    std::string open(const std::string& login, const std::string& definition, const std::string& place,
                     const Json& payload); // case id
    // Looks at the case, then gives the command with the version seen; looks again when somebody was quicker.
    Receipt give(const std::string& login, const std::string& case_id, const std::string& command,
                 const Json& payload = Json::object());
    // The same, once, whatever the answer.
    Answer attempt(const std::string& login, const std::string& case_id, const std::string& command,
                   const Json& payload = Json::object());
    // With a version and a key of the caller's choice.
    Answer command(const std::string& login, const std::string& case_id, const std::string& command,
                   const Json& payload, const std::string& etag, const std::string& key);

    static std::string new_key();

  private:
    struct Wire;
    Answer exchange(const std::string& method, const std::string& path, const std::string& type,
                    const std::string& body, const Headers& headers);
    Answer send_bytes(const std::string& login, const std::string& method, const std::string& path,
                      const std::string& type, const std::string& body, const Headers& headers);
    std::string token(const std::string& login);
    void sign_in(const std::string& login);

    SignIns& sign_ins_;
    std::unique_ptr<Wire> wire_;
};

std::string encoded(const std::string& text); // for a query

} // namespace cunmai::pilot
