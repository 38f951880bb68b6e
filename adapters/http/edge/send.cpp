#include "adapters/http/edge/send.hpp"

#include "adapters/http/edge/cookies.hpp"

#include <Poco/DeflatingStream.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/StreamCopier.h>

#include <fstream>
#include <sstream>

namespace cunmai::http {

namespace {

constexpr std::size_t gzip_bytes_min = 1024;

constexpr const char* content_security_policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
                                                "'self' data:; connect-src 'self'; form-action 'self'; "
                                                "object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

std::string header(const Response& response, const std::string& name) {
    const auto found = response.headers.find(name);
    return found == response.headers.end() ? "" : found->second;
}

bool is_compressible(const std::string& type) {
    return type.rfind("text/", 0) == 0 || type.find("json") != std::string::npos || type.rfind("image/svg", 0) == 0 ||
           type.find("xml;") != std::string::npos || type.find("javascript") != std::string::npos;
}

std::string compressed(const std::string& body) {
    std::ostringstream packed;
    Poco::DeflatingOutputStream gzip(packed, Poco::DeflatingStreamBuf::STREAM_GZIP);
    gzip << body;
    gzip.close();
    return packed.str();
}

void put_headers(Poco::Net::HTTPResponse& wire, const Response& response, const Config& config) {
    for (const auto& [name, value] : response.headers)
        wire.add(name, config.plain_http && name == "Set-Cookie" ? as_plain(value) : value);
    if (!wire.has("Content-Security-Policy"))
        wire.set("Content-Security-Policy", content_security_policy); // unless a download has set its own
    wire.set("X-Content-Type-Options", "nosniff");
    wire.set("X-Frame-Options", "DENY");
    wire.set("Referrer-Policy", "same-origin");
    wire.set("Cross-Origin-Opener-Policy", "same-origin");
    wire.set("Cross-Origin-Resource-Policy", "same-origin");
    wire.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    if (!wire.has("Cache-Control")) wire.set("Cache-Control", "no-store");
    if (config.public_url.rfind("https://", 0) == 0) wire.set("Strict-Transport-Security", "max-age=31536000");
}

} // namespace

std::string as_text(Answer& answer, const Config& config) {
    Poco::Net::HTTPResponse wire;
    wire.setVersion(Poco::Net::HTTPMessage::HTTP_1_1);
    wire.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(answer.response.status));
    wire.setDate(Poco::Timestamp());
    put_headers(wire, answer.response, config);
    wire.setKeepAlive(false);
    wire.setContentLength64(static_cast<std::int64_t>(answer.response.body.size()));
    std::ostringstream text;
    wire.write(text);
    text << answer.response.body;
    return text.str();
}

void send(Poco::Net::HTTPServerResponse& wire, Answer& answer, const Config& config) {
    auto& response = answer.response;
    wire.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(response.status));
    put_headers(wire, response, config);
    if (answer.close) wire.setKeepAlive(false);
    if (response.events) {
        wire.set("Content-Type", "text/event-stream; charset=utf-8");
        wire.set("X-Accel-Buffering", "no");
        wire.setKeepAlive(false);
        return;
    }
    const bool bodiless = response.status == 204 || response.status == 304;
    if (bodiless) {
        wire.send().flush();
        return;
    }
    const auto type = header(response, "Content-Type");
    const bool packable = !answer.file && response.body.size() > gzip_bytes_min && is_compressible(type);
    if (packable) wire.set("Vary", "Accept-Encoding");
    if (packable && answer.gzip) {
        response.body = compressed(response.body);
        wire.set("Content-Encoding", "gzip");
    }
    wire.setContentLength64(answer.file ? response.content_length : static_cast<std::int64_t>(response.body.size()));
    auto& out = wire.send();
    if (answer.head_only) {
        out.flush();
    } else if (answer.file) {
        std::ifstream file(answer.file->path(), std::ios::binary);
        Poco::StreamCopier::copyStream(file, out, 64 * 1024);
        out.flush();
    } else {
        out.write(response.body.data(), static_cast<std::streamsize>(response.body.size()));
        out.flush();
    }
    if (!out) answer.close = true; // the client is gone
}

} // namespace cunmai::http
