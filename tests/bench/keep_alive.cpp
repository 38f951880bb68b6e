#include "tests/bench/keep_alive.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace cunmai::bench {

KeepAlive::KeepAlive(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket_);
        throw std::runtime_error("nobody answers on port " + std::to_string(port));
    }
}

KeepAlive::~KeepAlive() { ::close(socket_); }

void KeepAlive::send_all(const std::string& text) {
    for (std::size_t sent = 0; sent < text.size();) {
        const auto count = ::send(socket_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) throw std::runtime_error("the connection broke while sending");
        sent += static_cast<std::size_t>(count);
    }
}

void KeepAlive::receive_more() {
    char buffer[16384];
    const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) throw std::runtime_error("the connection broke while waiting for the answer");
    received_.append(buffer, static_cast<std::size_t>(count));
}

int KeepAlive::ask(const std::string& method, const std::string& path, const std::string& headers,
                   const std::string& content) {
    send_all(method + ' ' + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers +
             (content.empty()
                  ? ""
                  : "Content-Type: application/json\r\nContent-Length: " + std::to_string(content.size()) + "\r\n") +
             "\r\n" + content);
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) receive_more();
    const auto head = received_.substr(0, end);
    const auto length_at = head.find("Content-Length: ");
    if (length_at == std::string::npos) throw std::runtime_error("an answer without a length: " + head);
    const auto length = std::stoul(head.substr(length_at + 16));
    while (received_.size() < end + 4 + length) receive_more();
    body_ = received_.substr(end + 4, length);
    received_.erase(0, end + 4 + length);
    return std::stoi(head.substr(9, 3));
}

} // namespace cunmai::bench
