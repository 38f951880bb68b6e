// The first pass checks what nlohmann's parser would let through or would only notice after building the value: depth,
// duplicate keys, numbers out of range, U+0000. The second pass builds the value.
#include "adapters/http/edge/input.hpp"

#include <cmath>
#include <set>

namespace cunmai::http {

namespace {

class Checker final : public nlohmann::json_sax<Json> {
  public:
    std::string code, key_twice;

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t value, const string_t&) override {
        return std::isfinite(value) || fail("json_invalid");
    }
    bool string(string_t& text) override { return text.find('\0') == std::string::npos || fail("json_nul"); }
    bool binary(binary_t&) override { return fail("json_invalid"); }
    bool start_object(std::size_t) override { return deeper(); }
    bool start_array(std::size_t) override { return deeper(); }
    bool end_object() override { return shallower(); }
    bool end_array() override { return shallower(); }
    bool key(string_t& name) override {
        if (name.find('\0') != std::string::npos) return fail("json_nul");
        if (keys_.back().insert(name).second) return true;
        key_twice = name.substr(0, 100);
        return fail("json_duplicate_key");
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        return fail("json_invalid");
    }

  private:
    bool fail(const char* why) {
        if (code.empty()) code = why;
        return false;
    }
    bool deeper() {
        keys_.emplace_back();
        return keys_.size() <= static_cast<std::size_t>(json_depth_max) || fail("json_too_deep");
    }
    bool shallower() {
        keys_.pop_back();
        return true;
    }

    std::vector<std::set<std::string>> keys_; // of each open object; an array has an empty one
};

} // namespace

Json read_json(const std::string& text) {
    Checker checker;
    if (!Json::sax_parse(text, &checker) || !checker.code.empty()) {
        Problem problem{.status = 400, .code = checker.code.empty() ? "json_invalid" : checker.code};
        problem.facts = {{"key", checker.key_twice}, {"depth", json_depth_max}};
        throw problem;
    }
    return Json::parse(text);
}

Json json_or_null(const std::string& text) {
    try {
        return read_json(text);
    } catch (const Problem&) { return nullptr; }
}

} // namespace cunmai::http
