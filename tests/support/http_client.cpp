#include "tests/support/http_client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>

namespace cunmai::test {

std::string Answer::header(const std::string& name) const {
    for (const auto& [key, value] : headers)
        if (Poco::icompare(key, name) == 0) return value;
    return "";
}

Json Answer::json() const {
    auto value = Json::parse(body, nullptr, false);
    return value.is_discarded() ? Json() : value;
}

Json Answer::list(const std::string& member) const {
    const auto document = json();
    return document.is_object() ? document.value(member, Json::array()) : Json::array();
}

std::string Answer::code() const {
    const auto document = json();
    return document.is_object() ? document.value("code", "") : "";
}

bool Answer::has_reason(const std::string& code) const {
    const auto document = json();
    if (!document.is_object() || !document.contains("reasons")) return false;
    for (const auto& reason : document["reasons"])
        if (reason.value("code", "") == code) return true;
    return false;
}

HttpClient::HttpClient(int port, std::chrono::milliseconds patience) : port_(port), patience_(patience) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;

Answer HttpClient::send(const Call& call) {
    for (int attempt = 0;; ++attempt) {
        if (!session_) {
            session_ = std::make_unique<Poco::Net::HTTPClientSession>("127.0.0.1", static_cast<Poco::UInt16>(port_));
            session_->setKeepAlive(true);
            session_->setTimeout(Poco::Timespan(std::chrono::microseconds(patience_).count()));
        }
        try {
            Poco::Net::HTTPRequest request(call.method, call.path, Poco::Net::HTTPMessage::HTTP_1_1);
            for (const auto& [name, value] : call.headers) request.set(name, value);
            if (!call.body.empty() || (call.method != "GET" && call.method != "DELETE"))
                request.setContentLength64(static_cast<Poco::Int64>(call.body.size()));
            session_->sendRequest(request) << call.body;
            Poco::Net::HTTPResponse response;
            auto& stream = session_->receiveResponse(response);
            Answer answer;
            answer.status = response.getStatus();
            for (const auto& [name, value] : response) answer.headers.emplace(name, value);
            Poco::StreamCopier::copyToString(stream, answer.body);
            if (!response.getKeepAlive()) session_.reset();
            if (observer) observer(call, answer);
            return answer;
        } catch (const Poco::Exception&) { // the server closed an idle connection, or refuses to read more
            session_.reset();
            if (attempt == 1) throw;
        }
    }
}

} // namespace cunmai::test
