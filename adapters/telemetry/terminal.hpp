// Talking to a person at a terminal: passwords without echo, progress bars. Both know when there is no terminal.
#pragma once

#include <cstdint>
#include <string>

namespace cunmai::cli {

// One line, not echoed. Throws std::runtime_error when standard input is not a terminal.
std::string ask_password(const std::string& prompt);
std::string password_from_stdin(); // the first line

// On stderr, redrawn in place; silent when stderr is not a terminal.
class ProgressBar {
  public:
    explicit ProgressBar(std::string label);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(std::int64_t done, std::int64_t total);

  private:
    std::string label_;
    bool terminal_;
    int shown_permille_ = -1;
};

} // namespace cunmai::cli
