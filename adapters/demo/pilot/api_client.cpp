#include "adapters/demo/pilot/api_client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <Poco/UUIDGenerator.h>

#include <chrono>
#include <thread>

namespace cunmai::pilot {

namespace net = Poco::Net;

namespace {

constexpr auto api = "/api/v1";
constexpr auto json_type = "application/json";
constexpr int answer_seconds_max = 120; // moving a clock by a year gives the server much to do
constexpr int connection_attempts_max = 3;
constexpr int busy_attempts_max = 10;
constexpr auto busy_pause = std::chrono::milliseconds(300);
constexpr int lost_races_max = 5;

std::string person_or_nobody(const std::string& login) { return login.empty() ? "nobody" : login; }

} // namespace

bool Answer::says(std::string_view code) const {
    if (!body.is_object()) return false;
    if (body.value("code", "") == code) return true;
    if (body.contains("reasons"))
        for (const auto& reason : body.at("reasons"))
            if (reason.value("code", "") == code) return true;
    return false;
}

std::string Answer::brief() const {
    auto text = std::to_string(status);
    if (!body.is_object()) return text;
    text += " " + body.value("code", "");
    if (body.contains("reasons"))
        for (const auto& reason : body.at("reasons")) {
            text += " " + reason.value("code", "");
            if (reason.contains("field")) text += "[" + reason.at("field").get<std::string>() + "]";
            if (reason.contains("facts")) text += reason.at("facts").dump().substr(0, 200);
        }
    return text;
}

SignIns::Ticket SignIns::find(const std::string& login) const {
    const std::lock_guard lock(mutex_);
    const auto found = tickets_.find(login);
    return found == tickets_.end() ? Ticket{} : found->second;
}

void SignIns::keep(const std::string& login, const Ticket& ticket) {
    const std::lock_guard lock(mutex_);
    tickets_[login] = ticket;
}

void SignIns::forget_tokens() {
    const std::lock_guard lock(mutex_);
    for (auto& [login, ticket] : tickets_) ticket.token.clear();
}

struct ApiClient::Wire {
    explicit Wire(const Poco::URI& server) : session(server.getHost(), server.getPort()) {
        session.setKeepAlive(true);
        session.setKeepAliveTimeout(Poco::Timespan(10, 0)); // the server waits a little longer
        session.setTimeout(Poco::Timespan(answer_seconds_max, 0));
    }
    net::HTTPClientSession session;
};

ApiClient::ApiClient(const std::string& server, SignIns& sign_ins) : sign_ins_(sign_ins) {
    try {
        const Poco::URI uri(server);
        if (uri.getScheme() != "http" || uri.getHost().empty())
            throw Unreachable(server + ": not an address like http://127.0.0.1:8080");
        wire_ = std::make_unique<Wire>(uri);
    } catch (const Poco::Exception& error) { throw Unreachable(server + ": " + error.displayText()); }
}

ApiClient::~ApiClient() = default;

// A connection that broke is made anew. Sending a second time is safe: every change carries an idempotency key, and a
// sign-in or an upload that happens twice does no harm.
Answer ApiClient::exchange(const std::string& method, const std::string& path, const std::string& type,
                           const std::string& body, const Headers& headers) {
    for (int attempt = 1;; ++attempt) {
        try {
            net::HTTPRequest request(method, api + path, net::HTTPMessage::HTTP_1_1);
            request.setKeepAlive(true);
            for (const auto& [name, value] : headers) request.set(name, value);
            if (!type.empty()) request.setContentType(type);
            if (method != "GET") request.setContentLength64(static_cast<Poco::Int64>(body.size()));
            wire_->session.sendRequest(request) << body << std::flush;
            net::HTTPResponse response;
            auto& stream = wire_->session.receiveResponse(response);
            std::string text;
            Poco::StreamCopier::copyToString(stream, text);
            Answer answer;
            answer.status = response.getStatus();
            answer.etag = response.get("ETag", "");
            if (!text.empty()) answer.body = Json::parse(text, nullptr, false);
            return answer;
        } catch (const Poco::Exception& error) {
            wire_->session.reset();
            if (attempt == connection_attempts_max) throw Unreachable(method + " " + path + ": " + error.displayText());
        }
    }
}

void ApiClient::sign_in(const std::string& login) {
    const Json body{{"login", login}, {"password", sign_ins_.password()}, {"label", "pilot"}};
    const auto answer = exchange("POST", "/session", json_type, body.dump(), {});
    if (answer.status != 201) throw Unexpected(login + ": POST /session: " + answer.brief());
    sign_ins_.keep(login, {answer.body.at("token"), answer.body.at("person")});
}

std::string ApiClient::token(const std::string& login) {
    auto ticket = sign_ins_.find(login);
    if (ticket.token.empty()) {
        sign_in(login);
        ticket = sign_ins_.find(login);
    }
    return ticket.token;
}

Answer ApiClient::send_bytes(const std::string& login, const std::string& method, const std::string& path,
                             const std::string& type, const std::string& body, const Headers& headers) {
    bool signed_in_again = false;
    for (int busy = 0;;) {
        auto sent = headers;
        if (!login.empty()) sent["Authorization"] = "Bearer " + token(login);
        auto answer = exchange(method, path, type, body, sent);
        if (answer.status == 401 && !login.empty() && !signed_in_again) {
            signed_in_again = true;
            sign_in(login);
        } else if (answer.status == 503 && ++busy < busy_attempts_max) {
            std::this_thread::sleep_for(busy_pause);
        } else {
            return answer;
        }
    }
}

Answer ApiClient::send(const std::string& login, const std::string& method, const std::string& path, const Json& body,
                       const Headers& headers) {
    return send_bytes(login, method, path, body.is_null() ? "" : json_type, body.is_null() ? "" : body.dump(), headers);
}

Json ApiClient::get(const std::string& login, const std::string& path) {
    auto answer = send(login, "GET", path);
    if (!answer.ok()) throw Unexpected(person_or_nobody(login) + ": GET " + path + ": " + answer.brief());
    return std::move(answer.body);
}

Json ApiClient::post(const std::string& login, const std::string& path, const Json& body, const Headers& headers) {
    auto answer = send(login, "POST", path, body, headers);
    if (!answer.ok()) throw Unexpected(person_or_nobody(login) + ": POST " + path + ": " + answer.brief());
    return std::move(answer.body);
}

std::string ApiClient::upload(const std::string& login, const std::string& name, const std::string& type,
                              const std::string& content) {
    const auto answer = send_bytes(login, "POST", "/attachments?name=" + encoded(name), type, content, {});
    if (answer.status != 201) throw Unexpected(login + ": POST /attachments " + name + ": " + answer.brief());
    return answer.body.at("sha256");
}

Json ApiClient::all_items(const std::string& login, const std::string& path) {
    auto items = Json::array();
    std::string cursor;
    do {
        const auto page = get(login, path + "&limit=100" + (cursor.empty() ? "" : "&cursor=" + encoded(cursor)));
        for (const auto& item : page.at("items")) items.push_back(item);
        cursor = page.at("next_cursor").is_null() ? "" : page.at("next_cursor").get<std::string>();
    } while (!cursor.empty());
    return items;
}

std::string ApiClient::person(const std::string& login) {
    if (sign_ins_.find(login).person.empty()) sign_in(login);
    return sign_ins_.find(login).person;
}

std::string ApiClient::open(const std::string& login, const std::string& definition, const std::string& place,
                            const Json& payload) {
    const Json body{{"definition", definition}, {"place", place}, {"payload", payload}};
    return post(login, "/cases", body, {{"Idempotency-Key", new_key()}}).at("case_id");
}

Answer ApiClient::command(const std::string& login, const std::string& case_id, const std::string& command,
                          const Json& payload, const std::string& etag, const std::string& key) {
    Headers headers;
    if (!etag.empty()) headers["If-Match"] = etag;
    if (!key.empty()) headers["Idempotency-Key"] = key;
    return send(login, "POST", "/cases/" + case_id + "/commands/" + command, payload, headers);
}

Answer ApiClient::attempt(const std::string& login, const std::string& case_id, const std::string& name,
                          const Json& payload) {
    const auto seen = send(login, "GET", "/cases/" + case_id);
    return seen.ok() ? command(login, case_id, name, payload, seen.etag, new_key()) : seen;
}

Receipt ApiClient::give(const std::string& login, const std::string& case_id, const std::string& name,
                        const Json& payload) {
    for (int lost = 0;; ++lost) {
        const auto answer = attempt(login, case_id, name, payload);
        if (answer.status == 409 && lost < lost_races_max) continue;
        if (answer.status != 200) throw Unexpected(login + ": " + name + " on " + case_id + ": " + answer.brief());
        const auto& created = answer.body.at("created");
        return {answer.body.at("state"), answer.body.at("version"),
                created.is_null() ? "" : created.get<std::string>()};
    }
}

std::string ApiClient::new_key() {
    return "pilot-" + Poco::UUIDGenerator::defaultGenerator().createRandom().toString();
}

std::string encoded(const std::string& text) {
    std::string result;
    Poco::URI::encode(text, "!?#/'\",;:$&()[]*+=@", result);
    return result;
}

} // namespace cunmai::pilot
