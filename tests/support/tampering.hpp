// Changes that the owner of a database file could make: any SQL, with the triggers dropped.
#pragma once

#include <string>

namespace cunmai::test {

class Tampering {
  public:
    explicit Tampering(const std::string& sqlite_file); // drops the append-only triggers
    ~Tampering();
    Tampering(const Tampering&) = delete;

    void run(const std::string& sql);     // throws when it changed nothing
    void execute(const std::string& sql); // anything
    std::string value(const std::string& sql);

  private:
    void* database_ = nullptr;
};

} // namespace cunmai::test
