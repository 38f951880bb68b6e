// XML, element by element, through Poco's writer: escaped and well-formed whatever the texts hold.
#pragma once

#include <initializer_list>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

namespace cunmai::xml {

class Writer {
  public:
    using Attributes = std::initializer_list<std::pair<std::string, std::string>>;

    explicit Writer(bool declaration);
    ~Writer();

    void open(const std::string& name, Attributes attributes = {});
    void close(const std::string& name);
    void empty(const std::string& name, Attributes attributes = {}) {
        open(name, attributes);
        close(name);
    }
    void element(const std::string& name, Attributes attributes, const std::string& text);
    std::string done();

  private:
    struct Impl;
    std::ostringstream out_;
    std::unique_ptr<Impl> impl_;
};

// A coordinate: at most one digit after the point, no exponent.
std::string coordinate(double value);

} // namespace cunmai::xml
