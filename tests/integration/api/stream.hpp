// Live events, as a program hears them.
#pragma once

#include "engine/json.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>

#include <istream>
#include <stdexcept>
#include <string>

namespace cunmai::test {

class Stream { // of live events
  public:
    Stream(int port, const std::string& token, const std::string& case_id)
        : session_("127.0.0.1", static_cast<Poco::UInt16>(port)) {
        session_.setTimeout(Poco::Timespan(10, 0));
        Poco::Net::HTTPRequest request("GET", "/api/v1/events?case=" + case_id, "HTTP/1.1");
        request.set("Authorization", "Bearer " + token);
        session_.sendRequest(request);
        Poco::Net::HTTPResponse response;
        in_ = &session_.receiveResponse(response);
        status = response.getStatus();
    }
    // The data of the next event of that name; throws after 10 s of nothing.
    Json next(const std::string& event) {
        for (std::string line; std::getline(*in_, line);)
            if (line == "event: " + event && std::getline(*in_, line)) return Json::parse(line.substr(6));
        throw std::runtime_error("the stream has ended");
    }
    int status = 0;

  private:
    Poco::Net::HTTPClientSession session_;
    std::istream* in_ = nullptr;
};

} // namespace cunmai::test
