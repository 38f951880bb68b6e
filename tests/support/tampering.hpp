// Changes that the owner of a database file could make: any SQL, with the append-only triggers dropped until it is
// done.
#pragma once

#include <string>
#include <vector>

namespace cunmai::test {

class Tampering {
  public:
    explicit Tampering(const std::string& sqlite_file);
    ~Tampering();
    Tampering(const Tampering&) = delete;

    void run(const std::string& sql);     // throws when it changed nothing
    void execute(const std::string& sql); // anything
    std::string value(const std::string& sql);
    std::vector<std::string> values(const std::string& sql); // of the first column

  private:
    void* database_ = nullptr;
    std::vector<std::string> triggers_; // to be made again
};

} // namespace cunmai::test
