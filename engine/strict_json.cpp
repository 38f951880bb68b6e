#include "engine/strict_json.hpp"

#include "engine/text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <stdexcept>

namespace cunmai::engine {

namespace {

// A number as its digits without zeros at the ends, and where the point is: "1.50e3" and "1500" are the same.
struct Decimal {
    bool is_negative = false;
    std::string digits;
    std::int64_t exponent = 0; // of the first digit
    friend bool operator==(const Decimal&, const Decimal&) = default;
};

// REQUIRES: the literal is a number of RFC 8259.
Decimal decimal(std::string_view literal) {
    constexpr std::size_t exponent_digits_max = 9;
    Decimal number;
    std::int64_t before_point = 0;
    bool has_point = false;
    std::size_t at = 0;
    for (; at < literal.size() && literal[at] != 'e' && literal[at] != 'E'; ++at) {
        const char c = literal[at];
        if (c == '-') number.is_negative = true;
        if (c == '.') has_point = true;
        if (c < '0' || c > '9') continue;
        number.digits += c;
        if (!has_point) ++before_point;
    }
    if (at < literal.size()) {
        auto exponent = std::string(literal.substr(at + 1));
        if (exponent.size() > exponent_digits_max) exponent.resize(exponent_digits_max); // no double is that large
        number.exponent = std::stoll(exponent);
    }
    const auto zeros = std::min(number.digits.find_first_not_of('0'), number.digits.size());
    number.digits.erase(0, zeros);
    number.exponent += before_point - static_cast<std::int64_t>(zeros);
    while (!number.digits.empty() && number.digits.back() == '0') number.digits.pop_back();
    if (number.digits.empty()) return {}; // zero, however it is written
    return number;
}

// Asks the library behind Json, which tells the literal of each number.
class StrictReader : public Json::json_sax_t {
  public:
    std::string fault;

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t value, const string_t& literal) override {
        return decimal(Json(value).dump()) == decimal(literal) || found("the number " + literal + " is not exact");
    }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override {
        members_.emplace_back();
        return true;
    }
    bool key(string_t& name) override {
        return members_.back().insert(name).second || found("the member " + name + " stands there twice");
    }
    bool end_object() override {
        members_.pop_back();
        return true;
    }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
        return found("is not JSON at byte " + std::to_string(position));
    }

  private:
    bool found(const std::string& what) {
        fault = what;
        return false;
    }

    std::vector<std::set<std::string>> members_; // of the objects that are open
};

// The quick look: true when there is certainly nothing to find. Numbers with a point are left to the reader above.
bool is_plain(const simdjson::dom::element& element) {
    using simdjson::dom::element_type;
    switch (element.type()) {
    case element_type::OBJECT: {
        const auto object = simdjson::dom::object(element);
        std::vector<std::string_view> names;
        for (const auto& [name, value] : object) {
            if (!is_plain(value)) return false;
            names.push_back(name);
        }
        std::sort(names.begin(), names.end());
        return std::adjacent_find(names.begin(), names.end()) == names.end();
    }
    case element_type::ARRAY: {
        const auto array = simdjson::dom::array(element);
        return std::all_of(array.begin(), array.end(), [](const auto& value) { return is_plain(value); });
    }
    case element_type::DOUBLE: return false;
    default: return true;
    }
}

bool is_number_exactly(const Json& one, const Json& other) {
    if (one.is_number_float() == other.is_number_float()) return one == other;
    const auto& whole = one.is_number_float() ? other : one;
    return decimal(one.dump()) == decimal(other.dump()) && whole.is_number_integer();
}

[[noreturn]] void does_not_apply(const std::string& path, const std::string& why) {
    throw std::runtime_error("the change at \"" + path + "\" does not apply: " + why);
}

std::vector<std::string> steps_of(const std::string& path) {
    std::vector<std::string> steps;
    if (path.empty()) return steps;
    if (path.front() != '/') does_not_apply(path, "it is no pointer");
    for (std::size_t at = 0; at < path.size(); ++at) {
        if (path[at] == '/') {
            steps.emplace_back();
        } else if (path[at] != '~') {
            steps.back() += path[at];
        } else {
            const char next = at + 1 < path.size() ? path[at + 1] : ' ';
            if (next != '0' && next != '1') does_not_apply(path, "it is no pointer");
            steps.back() += next == '0' ? '~' : '/';
            ++at;
        }
    }
    return steps;
}

// An index into an array: digits without zeros before them. `size` when it is "-", the place behind the last.
std::size_t index_of(const std::string& step, std::size_t size, const std::string& path) {
    constexpr std::size_t digits_max = 9;
    if (step == "-") return size;
    const bool is_index = !step.empty() && step.size() <= digits_max && (step == "0" || step.front() != '0') &&
                          std::all_of(step.begin(), step.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_index) does_not_apply(path, "an array has no " + step);
    return static_cast<std::size_t>(std::stoul(step));
}

Json& below(Json& value, const std::string& step, const std::string& path) {
    if (value.is_object()) {
        const auto found = value.find(step);
        if (found != value.end()) return *found;
    } else if (value.is_array()) {
        const auto index = index_of(step, value.size(), path);
        if (index < value.size()) return value[index];
    }
    does_not_apply(path, "there is nothing to change");
}

void apply_one(Json& facts, const Json& change) {
    const auto text = [&](const char* name) -> const std::string& {
        const auto found = change.is_object() ? change.find(name) : change.end();
        if (!change.is_object() || found == change.end() || !found->is_string())
            throw std::runtime_error("a change without " + std::string(name));
        return found->get_ref<const std::string&>();
    };
    const auto &op = text("op"), &path = text("path");
    const bool adds = op == "add", removes = op == "remove", replaces = op == "replace";
    if (!adds && !removes && !replaces) does_not_apply(path, "events have no operation " + op);
    const auto value = change.find("value");
    if (!removes && value == change.end()) does_not_apply(path, "it has no value");
    auto steps = steps_of(path);
    if (steps.empty()) {
        if (!replaces) does_not_apply(path, op + " of the whole");
        facts = *value;
        return;
    }
    const auto last = std::move(steps.back());
    steps.pop_back();
    auto* place = &facts;
    for (const auto& step : steps) place = &below(*place, step, path);
    if (replaces) {
        below(*place, last, path) = *value;
    } else if (place->is_object()) {
        if (adds)
            (*place)[last] = *value;
        else if (place->erase(last) == 0)
            does_not_apply(path, "there is nothing to remove");
    } else if (place->is_array()) {
        const auto index = index_of(last, place->size(), path);
        if (index > place->size() || (removes && index == place->size())) does_not_apply(path, "the array is shorter");
        const auto at = place->begin() + static_cast<std::ptrdiff_t>(index);
        if (adds)
            place->insert(at, *value);
        else
            place->erase(at);
    } else {
        does_not_apply(path, "what it is in has no parts");
    }
}

} // namespace

std::string fault_in_json(std::string_view text) {
    if (!is_utf8(text)) return "is not UTF-8";
    if (text.find('\0') != std::string_view::npos) return "has a zero byte"; // the library takes it for the end
    if (text.starts_with("\xEF\xBB\xBF")) return "begins with a byte order mark";
    thread_local simdjson::dom::parser parser;
    simdjson::dom::element whole;
    if (parser.parse(text.data(), text.size()).get(whole) == simdjson::SUCCESS && is_plain(whole)) return "";
    StrictReader reader;
    if (!Json::sax_parse(text, &reader)) return reader.fault.empty() ? "is not JSON" : reader.fault;
    return "";
}

std::string fault_in_texts(const Event& event) {
    for (const auto& [name, text] : {std::pair<const char*, const std::string&>{"case_id", event.case_id.text},
                                     {"actor", event.actor.text},
                                     {"on_behalf_of", event.on_behalf_of.text},
                                     {"definition", event.definition},
                                     {"command", event.command},
                                     {"from", event.from},
                                     {"to", event.to},
                                     {"request_id", event.request_id}})
        if (!is_utf8(text)) return std::string(name) + " is not UTF-8";
    for (const auto& [name, text, first] :
         {std::tuple<const char*, const std::string&, char>{"payload", event.payload, '{'},
          {"context", event.context, '{'},
          {"changes", event.changes, '['}}) {
        if (const auto fault = fault_in_json(text); !fault.empty()) return std::string(name) + ": " + fault;
        const auto begin = text.find_first_not_of(" \t\r\n");
        if (text[begin] != first) return std::string(name) + (first == '{' ? " is no object" : " is no array");
    }
    return "";
}

bool is_exactly(const Json& one, const Json& other) {
    if (one.is_number() && other.is_number()) return is_number_exactly(one, other);
    if (one.type() != other.type() || one.size() != other.size()) return false;
    if (one.is_array()) return std::equal(one.begin(), one.end(), other.begin(), is_exactly);
    if (!one.is_object()) return one == other;
    const auto &members = one.get_ref<const Json::object_t&>(), &others = other.get_ref<const Json::object_t&>();
    return std::equal(members.begin(), members.end(), others.begin(), [](const auto& member, const auto& its) {
        return member.first == its.first && is_exactly(member.second, its.second);
    });
}

void apply_changes(Json& facts, const Json& changes) {
    for (const auto& change : changes) apply_one(facts, change);
    if (!facts.is_object()) throw std::runtime_error("the facts are no object any more");
}

} // namespace cunmai::engine
