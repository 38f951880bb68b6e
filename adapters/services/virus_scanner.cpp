#include "adapters/services/virus_scanner.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/StreamSocket.h>

#include <arpa/inet.h>

#include <array>
#include <cstring>
#include <fstream>

namespace cunmai::http {

namespace {

const Poco::Timespan patience(30, 0);
constexpr std::size_t answer_bytes_max = 4096;

Poco::Net::StreamSocket connected(const std::string& scanner) {
    using Poco::Net::SocketAddress;
    const bool is_path = scanner.starts_with('/');
    Poco::Net::StreamSocket socket;
    socket.connect(is_path ? SocketAddress(SocketAddress::UNIX_LOCAL, scanner) : SocketAddress(scanner), patience);
    socket.setSendTimeout(patience);
    socket.setReceiveTimeout(patience);
    return socket;
}

void send(Poco::Net::StreamSocket& socket, const char* bytes, std::size_t count) {
    while (count > 0) {
        const int sent = socket.sendBytes(bytes, static_cast<int>(count));
        if (sent <= 0) throw ScannerUnavailable("the scanner takes nothing");
        bytes += sent;
        count -= static_cast<std::size_t>(sent);
    }
}

std::string answer_of(Poco::Net::StreamSocket& socket) { // it ends with a zero
    std::string answer;
    std::array<char, 512> buffer;
    while (answer.find('\0') == std::string::npos) {
        const int came = socket.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
        if (came <= 0 || answer.size() > answer_bytes_max) throw ScannerUnavailable("the scanner hung up");
        answer.append(buffer.data(), static_cast<std::size_t>(came));
    }
    return answer.substr(0, answer.find('\0'));
}

std::string verdict(const std::string& file, const std::string& scanner) {
    auto socket = connected(scanner);
    constexpr std::string_view command("zINSTREAM\0", 10);
    send(socket, command.data(), command.size());
    std::ifstream content(file, std::ios::binary);
    std::array<char, 64 * 1024> buffer;
    while (content.read(buffer.data(), buffer.size()), content.gcount() > 0) {
        const auto length = htonl(static_cast<std::uint32_t>(content.gcount()));
        send(socket, reinterpret_cast<const char*>(&length), sizeof length);
        send(socket, buffer.data(), static_cast<std::size_t>(content.gcount()));
    }
    const std::uint32_t end = 0;
    send(socket, reinterpret_cast<const char*>(&end), sizeof end);
    return answer_of(socket);
}

} // namespace

std::string virus_in(const std::string& file, const std::string& scanner) {
    constexpr std::string_view before = "stream: ", fine = "OK", found = " FOUND";
    try {
        auto answer = verdict(file, scanner);
        if (answer.starts_with(before)) answer.erase(0, before.size());
        if (answer == fine) return "";
        if (answer.ends_with(found)) return answer.substr(0, answer.size() - found.size());
        throw ScannerUnavailable("the scanner says: " + answer);
    } catch (const Poco::Exception& error) { throw ScannerUnavailable(error.displayText()); }
}

void greet_scanner(const std::string& scanner) {
    try {
        auto socket = connected(scanner);
        constexpr std::string_view command("zPING\0", 6);
        send(socket, command.data(), command.size());
        if (const auto answer = answer_of(socket); answer != "PONG") throw ScannerUnavailable(answer);
    } catch (const Poco::Exception& error) { throw ScannerUnavailable(error.displayText()); }
}

} // namespace cunmai::http
