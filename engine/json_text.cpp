// simdjson does the reading. A text that it does not accept (a mistake, a number beyond 64 bits) is read again by the
// library behind Json, so that results and exceptions are always that library's.
#include "engine/json_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace cunmai {

namespace {

constexpr int depth_max = 64; // deeper values are left to the library, which does not recurse

// Length in bytes of the well-formed multi-byte UTF-8 character that starts at `at` (Unicode, table 3-7), or 0.
std::size_t bytes_of_character(const char* at, const char* end) {
    const auto byte = [at](int i) { return static_cast<unsigned char>(at[i]); };
    const auto follows = [&](int i) { return (byte(i) & 0xC0) == 0x80; };
    const auto first = byte(0);
    const auto left = end - at;
    if (first < 0xC2) return 0;
    if (first < 0xE0) return left >= 2 && follows(1) ? 2 : 0;
    if (first < 0xF0) {
        if (left < 3 || !follows(1) || !follows(2)) return 0;
        if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;
        return 3;
    }
    if (first > 0xF4 || left < 4 || !follows(1) || !follows(2) || !follows(3)) return 0;
    if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return 0;
    return 4;
}

bool is_plain_ascii(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

// Where the run of characters ends that need no escape.
const char* end_of_plain(const char* at, const char* end) {
    while (at != end) {
        if (is_plain_ascii(*at)) {
            ++at;
        } else {
            const auto bytes = static_cast<unsigned char>(*at) < 0x80 ? 0 : bytes_of_character(at, end);
            if (bytes == 0) return at;
            at += bytes;
        }
    }
    return at;
}

constexpr std::array<std::pair<char, char>, 7> short_escapes{
    {{'"', '"'}, {'\\', '\\'}, {'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'b', '\b'}, {'f', '\f'}}};

Json from(const simdjson::dom::element& element) {
    using simdjson::dom::element_type;
    switch (element.type()) {
    case element_type::OBJECT: {
        auto object = Json::object();
        auto& members = object.get_ref<Json::object_t&>();
        for (const auto& [key, value] : simdjson::dom::object(element)) // of equal names the last counts
            members.emplace_hint(members.end(), key, nullptr)->second = from(value);
        return object;
    }
    case element_type::ARRAY: {
        auto array = Json::array();
        for (const auto& value : simdjson::dom::array(element)) array.push_back(from(value));
        return array;
    }
    case element_type::STRING: return std::string_view(element);
    case element_type::INT64: {
        const auto number = std::int64_t(element);
        return number < 0 ? Json(number) : Json(static_cast<std::uint64_t>(number));
    }
    case element_type::UINT64: return std::uint64_t(element);
    case element_type::DOUBLE: return double(element);
    case element_type::BOOL: return bool(element);
    case element_type::NULL_VALUE: break;
    }
    return nullptr;
}

class Writer {
  public:
    explicit Writer(std::string& out) : out_(out) {}

    // Returns false for a value that is left to the library.
    bool value(const Json& value, int depth = 0) {
        switch (value.type()) {
        case Json::value_t::null: out_ += "null"; return true;
        case Json::value_t::boolean: out_ += value.get<bool>() ? "true" : "false"; return true;
        case Json::value_t::number_integer: number(value.get<std::int64_t>()); return true;
        case Json::value_t::number_unsigned: number(value.get<std::uint64_t>()); return true;
        case Json::value_t::number_float: out_ += value.dump(); return true;
        case Json::value_t::string: return string(value.get_ref<const std::string&>());
        case Json::value_t::array: return depth < depth_max && array(value.get_ref<const Json::array_t&>(), depth);
        case Json::value_t::object: return depth < depth_max && object(value.get_ref<const Json::object_t&>(), depth);
        default: return false;
        }
    }

    bool string(std::string_view text) {
        out_ += '"';
        const char *at = text.data(), *end = at + text.size();
        for (;; ++at) {
            const auto* stop = end_of_plain(at, end);
            out_.append(at, stop);
            at = stop;
            if (at == end) break;
            if (static_cast<unsigned char>(*at) >= 0x80) return false;
            escape(*at);
        }
        out_ += '"';
        return true;
    }

  private:
    template <class Number> void number(Number number) {
        std::array<char, 24> digits;
        out_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
    }

    void escape(char c) {
        out_ += '\\';
        for (const auto& [letter, character] : short_escapes)
            if (c == character) {
                out_ += letter;
                return;
            }
        constexpr auto hex = "0123456789abcdef";
        out_ += "u00";
        out_ += hex[c >> 4];
        out_ += hex[c & 15];
    }

    bool array(const Json::array_t& elements, int depth) {
        out_ += '[';
        for (const auto& element : elements) {
            if (&element != &elements.front()) out_ += ',';
            if (!value(element, depth + 1)) return false;
        }
        out_ += ']';
        return true;
    }

    bool object(const Json::object_t& members, int depth) {
        out_ += '{';
        for (auto member = members.begin(); member != members.end(); ++member) {
            if (member != members.begin()) out_ += ',';
            if (!string(member->first)) return false;
            out_ += ':';
            if (!value(member->second, depth + 1)) return false;
        }
        out_ += '}';
        return true;
    }

    std::string& out_;
};

// Writes the steps from one value to another in the order of Json::diff: first changes and removals, then additions.
class Differ {
  public:
    explicit Differ(std::string& out) : out_(out) { out_ += '['; }

    bool whole(const Json& before, const Json& after) {
        if (!between(before, after, {nullptr, {}})) return false;
        out_ += ']';
        return true;
    }

  private:
    // The current position. It is made into a text only when there is a step to write.
    struct Path {
        const Path* above;
        std::string_view key;
        int depth = 0;

        Path below(std::string_view next) const { return {this, next, depth + 1}; }
    };

    bool between(const Json& before, const Json& after, const Path& path) {
        if (path.depth > depth_max) return false;
        if (before.is_object() && after.is_object())
            return objects(before.get_ref<const Json::object_t&>(), after.get_ref<const Json::object_t&>(), path);
        if (before.is_array() && after.is_array())
            return arrays(before.get_ref<const Json::array_t&>(), after.get_ref<const Json::array_t&>(), path);
        return before == after || step("replace", path, &after);
    }

    bool objects(const Json::object_t& before, const Json::object_t& after, const Path& path) {
        bool came = false;
        auto other = after.begin();
        for (const auto& [key, value] : before) { // both are sorted
            for (; other != after.end() && other->first < key; ++other) came = true;
            const auto here = path.below(key);
            if (other == after.end() || other->first != key) {
                if (!step("remove", here, nullptr)) return false;
            } else if (!between(value, (other++)->second, here)) {
                return false;
            }
        }
        if (!came && other == after.end()) return true;
        for (const auto& [key, value] : after)
            if (!before.contains(key) && !step("add", path.below(key), &value)) return false;
        return true;
    }

    bool arrays(const Json::array_t& before, const Json::array_t& after, const Path& path) {
        const auto both = std::min(before.size(), after.size());
        for (std::size_t i = 0; i < both; ++i)
            if (!between(before[i], after[i], path.below(std::to_string(i)))) return false;
        for (std::size_t i = before.size(); i > both; --i) // from the end, so that the other indexes stay valid
            if (!step("remove", path.below(std::to_string(i - 1)), nullptr)) return false;
        for (std::size_t i = both; i < after.size(); ++i)
            if (!step("add", path.below("-"), &after[i])) return false;
        return true;
    }

    bool step(std::string_view op, const Path& path, const Json* value) {
        Writer writer(out_);
        if (out_.size() > 1) out_ += ',';
        out_.append("{\"op\":\"").append(op).append("\",\"path\":");
        if (!writer.string(text_of(path))) return false;
        if (value) {
            out_ += ",\"value\":";
            if (!writer.value(*value)) return false;
        }
        out_ += '}';
        return true;
    }

    static std::string text_of(const Path& path) {
        if (!path.above) return "";
        auto text = text_of(*path.above) + '/';
        for (const char c : path.key) {
            if (c == '~')
                text += "~0";
            else if (c == '/')
                text += "~1";
            else
                text += c;
        }
        return text;
    }

    std::string& out_;
};

} // namespace

Json parse_json(std::string_view text) {
    thread_local simdjson::dom::parser parser;
    simdjson::dom::element whole;
    if (parser.parse(text.data(), text.size()).get(whole) != simdjson::SUCCESS) return Json::parse(text);
    return from(whole);
}

std::string text_of(const Json& value) {
    std::string text;
    if (!Writer(text).value(value)) return value.dump();
    return text;
}

std::string changes_between(const Json& before, const Json& after) {
    std::string changes;
    if (!Differ(changes).whole(before, after)) return Json::diff(before, after).dump();
    return changes;
}

} // namespace cunmai
