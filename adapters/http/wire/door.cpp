#include "adapters/http/wire/door.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace cunmai::http {

std::string counted_address(const std::string& address) {
    if (address.rfind("::ffff:", 0) == 0 && address.find('.') != std::string::npos) return address.substr(7);
    std::array<unsigned char, 16> bytes{};
    const auto plain = address.substr(0, address.find('%')); // without the zone
    if (::inet_pton(AF_INET6, plain.c_str(), bytes.data()) != 1) return address;
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    return std::string(text.data()) + "/64";
}

Door::Verdict Door::enter(int handle, const std::string& address) {
    const bool proxy = limits_.proxies.count(address) > 0;
    const auto counted = proxy ? std::string() : counted_address(address);
    std::lock_guard lock(mutex_);
    if (!proxy) {
        const auto known = per_address_.find(counted);
        if (known != per_address_.end() && known->second >= limits_.connections_per_address_max &&
            !show_one_out(counted))
            return Verdict::address_full;
    }
    if (staying_ >= static_cast<std::size_t>(limits_.connections_max) && !show_one_out("")) return Verdict::full;
    if (!proxy) ++per_address_[counted];
    guests_[handle] = {.address = counted, .since = Steady::now()};
    ++staying_;
    return Verdict::in;
}

bool Door::show_one_out(const std::string& address) {
    auto longest = guests_.end();
    for (auto guest = guests_.begin(); guest != guests_.end(); ++guest) {
        if (guest->second.does == Guest::works || guest->second.shown_out) continue;
        if (!address.empty() && guest->second.address != address) continue;
        if (longest == guests_.end() || guest->second.since < longest->second.since) longest = guest;
    }
    if (longest == guests_.end()) return false;
    longest->second.shown_out = true;
    ::shutdown(longest->first, SHUT_RDWR); // its thread notices the end at once
    stays_no_longer(longest->second);
    ++shown_out_;
    return true;
}

void Door::leave(int handle) {
    std::lock_guard lock(mutex_);
    const auto guest = guests_.find(handle);
    if (guest == guests_.end()) return;
    if (!guest->second.shown_out) stays_no_longer(guest->second);
    guests_.erase(guest);
}

void Door::stays_no_longer(const Guest& guest) {
    const auto counted = per_address_.find(guest.address);
    if (counted != per_address_.end() && --counted->second <= 0) per_address_.erase(counted);
    --staying_;
}

void Door::speaks(int handle) {
    std::lock_guard lock(mutex_);
    auto& guest = guests_.at(handle);
    guest.does = Guest::speaks;
    guest.since = Steady::now();
}

bool Door::begins_work(int handle) {
    std::lock_guard lock(mutex_);
    auto& guest = guests_.at(handle);
    guest.does = Guest::works;
    return !guest.shown_out;
}

void Door::waits(int handle) {
    std::lock_guard lock(mutex_);
    auto& guest = guests_.at(handle);
    guest.does = Guest::waits;
    guest.since = Steady::now();
}

Door::Counts Door::counts() const {
    std::lock_guard lock(mutex_);
    const auto busy =
        std::count_if(guests_.begin(), guests_.end(), [](const auto& one) { return one.second.does != Guest::waits; });
    return {guests_.size(), static_cast<std::size_t>(busy), shown_out_};
}

} // namespace cunmai::http
