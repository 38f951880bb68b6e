#include "adapters/telemetry/terminal.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <stdexcept>

#include <termios.h>
#include <unistd.h>

namespace cunmai::cli {

namespace {

class NoEcho {
  public:
    NoEcho() {
        if (tcgetattr(STDIN_FILENO, &before_) != 0) throw std::runtime_error("standard input is not a terminal");
        auto quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~NoEcho() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

  private:
    termios before_{};
};

std::string first_line() {
    std::string line;
    std::getline(std::cin, line);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

} // namespace

std::string ask_password(const std::string& prompt) {
    const NoEcho quiet;
    std::cerr << prompt << std::flush;
    auto password = first_line();
    std::cerr << "\n";
    return password;
}

std::string password_from_stdin() { return first_line(); }

ProgressBar::ProgressBar(std::string label) : label_(std::move(label)), terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressBar::~ProgressBar() {
    if (terminal_ && shown_permille_ >= 0) std::fputs("\r\033[K", stderr);
}

void ProgressBar::show(std::int64_t done, std::int64_t total) {
    if (!terminal_ || total <= 0) return;
    const int permille = static_cast<int>(std::clamp<std::int64_t>(done * 1000 / total, 0, 1000));
    if (permille == shown_permille_) return;
    shown_permille_ = permille;
    constexpr int width = 30;
    const int filled = permille * width / 1000;
    std::fprintf(stderr, "\r%s [%s%s] %d%%", label_.c_str(), std::string(static_cast<std::size_t>(filled), '#').c_str(),
                 std::string(static_cast<std::size_t>(width - filled), ' ').c_str(), permille / 10);
    std::fflush(stderr);
}

} // namespace cunmai::cli
