// Templates of pages, mails and documents: loaded, checked and parsed once per language, then only read. A parsed
// kainjow template is not changed by rendering as long as it holds no partials and is given no lambdas: both are ruled
// out here, so threads share it without a lock.
#include "adapters/words/assets.hpp"
#include "adapters/words/texts.hpp"
#include "cmake/embedded.hpp"

#include <kainjow/mustache.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stdexcept>

namespace cunmai::texts {

namespace {

namespace mustache = kainjow::mustache;

constexpr int partials_deep = 10;

std::optional<std::string> source_of(const std::string& path) {
    const auto found = embedded::templates().find(path);
    if (found == embedded::templates().end()) return std::nullopt;
    return std::string(found->second);
}

[[noreturn]] void broken(const std::string& name, const std::string& why) {
    throw std::runtime_error("template " + name + ": " + why);
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return "";
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

// Replaces every {{<mark>…}} by what `make` gives for the trimmed rest.
template <class Make>
std::string replaced(const std::string& name, const std::string& text, std::string_view mark, Make make) {
    std::string result;
    std::size_t at = 0;
    const auto opening = "{{" + std::string(mark);
    for (;;) {
        const auto open = text.find(opening, at);
        result += text.substr(at, open == std::string::npos ? open : open - at);
        if (open == std::string::npos) return result;
        const auto close = text.find("}}", open);
        if (close == std::string::npos) broken(name, "a tag is not closed: " + text.substr(open, 40));
        result += make(trimmed(std::string_view(text).substr(open + opening.size(), close - open - opening.size())));
        at = close + 2;
    }
}

// Comments are for those who write templates; one that has its lines for itself goes with its line break.
std::string without_comments(const std::string& name, const std::string& text) {
    std::string result;
    std::size_t at = 0;
    for (;;) {
        const auto open = text.find("{{!", at);
        result += text.substr(at, open == std::string::npos ? open : open - at);
        if (open == std::string::npos) return result;
        const auto close = text.find("}}", open);
        if (close == std::string::npos) broken(name, "a comment is not closed");
        at = close + 2;
        const bool line_of_its_own = (result.empty() || result.back() == '\n') && at < text.size() && text[at] == '\n';
        if (line_of_its_own) ++at;
    }
}

std::string with_partials(const std::string& name, const std::string& text, int depth) {
    if (depth > partials_deep) broken(name, "its partials are nested too deeply");
    return replaced(name, text, ">", [&](const std::string& partial) {
        auto source = source_of("pages/_layout/" + partial + ".html");
        if (!source) source = source_of("pages/" + partial + ".html");
        if (!source) broken(name, "there is no partial " + partial);
        if (!source->empty() && source->back() == '\n') source->pop_back(); // the line of the tag has one already
        return with_partials(name, without_comments(partial, *source), depth + 1);
    });
}

// {name} in a message becomes the tag {{name}}; tags stay.
std::string placeholders_as_tags(const std::string& message) {
    std::string result;
    for (std::size_t at = 0; at < message.size(); ++at) {
        const auto close = message[at] == '{' ? message.find('}', at) : std::string::npos;
        if (close == std::string::npos) {
            result += message[at];
            continue;
        }
        const bool is_tag = message.compare(at, 2, "{{") == 0;
        const auto name = message.substr(at + (is_tag ? 2 : 1), close - at - (is_tag ? 2 : 1));
        result += "{{" + name + "}}";
        at = close + (is_tag ? 1 : 0);
    }
    return result;
}

void refuse_what_is_left(const std::string& name, const std::string& text) {
    for (const auto* tag : {"{{>", "{{&", "{{=", "{{t:"})
        if (text.find(tag) != std::string::npos) broken(name, std::string(tag) + " is not allowed or not closed");
    for (auto at = text.find("{{{"); at != std::string::npos; at = text.find("{{{", at + 3)) {
        const auto close = text.find("}}}", at);
        const auto variable =
            close == std::string::npos ? "" : trimmed(std::string_view(text).substr(at + 3, close - at - 3));
        if (variable.size() < 4 || variable.compare(variable.size() - 4, 4, "_svg") != 0)
            broken(name, "{{{ is only for drawings of the server, named …_svg");
    }
}

enum class Kind { page, mail, document };

std::string plain(const std::string& text) { return text; }

// What differs between languages stands in a folder of the language, what doesn't beside it.
std::optional<std::string> source_in(const std::string& folder, const std::string& language, const std::string& file) {
    auto source = source_of(folder + "/" + language + "/" + file);
    return source ? source : source_of(folder + "/" + file);
}

std::optional<std::string> source_for(Kind kind, const std::string& language, const std::string& name) {
    switch (kind) {
    case Kind::mail: return source_in("mail", language, name + ".txt");
    case Kind::document: return source_in("documents", language, name + ".xml");
    default: return source_of("pages/" + name + ".html");
    }
}

std::string key_of(Kind kind, std::string_view language, std::string_view name) {
    return std::to_string(static_cast<int>(kind)) + " " + std::string(language) + " " + std::string(name);
}

std::shared_ptr<mustache::mustache> load(Kind kind, const std::string& language, const std::string& name) {
    const auto source = source_for(kind, language, name);
    if (!source) broken(name, "there is none of this name");
    auto text = with_partials(name, without_comments(name, *source), 0);
    text = replaced(name, text, "t:", [&](const std::string& key) {
        const auto message = texts::text(language, key);
        return placeholders_as_tags(kind == Kind::mail ? message : mustache::html_escape(message));
    });
    refuse_what_is_left(name, text);
    if (kind == Kind::page) text = http::with_asset_versions(std::move(text));
    auto parsed = std::make_shared<mustache::mustache>(text);
    if (!parsed->is_valid()) broken(name, parsed->error_message());
    if (kind == Kind::mail) parsed->set_custom_escape(plain);
    return parsed;
}

std::shared_ptr<mustache::mustache> loaded(Kind kind, std::string_view language, std::string_view name) {
    static std::shared_mutex mutex;
    static std::map<std::string, std::shared_ptr<mustache::mustache>> cache;
    const auto key = key_of(kind, language, name);
    {
        std::shared_lock lock(mutex);
        if (const auto found = cache.find(key); found != cache.end()) return found->second;
    }
    auto parsed = load(kind, std::string(language), std::string(name));
    std::unique_lock lock(mutex);
    return cache.emplace(key, std::move(parsed)).first->second;
}

mustache::data as_data(const Json& value) {
    switch (value.type()) {
    case Json::value_t::object: {
        mustache::data object{mustache::data::type::object};
        for (const auto& [key, member] : value.items()) object[key] = as_data(member);
        return object;
    }
    case Json::value_t::array: {
        mustache::list list;
        list.reserve(value.size());
        for (const auto& item : value) list.push_back(as_data(item));
        return mustache::data(list);
    }
    case Json::value_t::string: {
        const auto& text = value.get_ref<const std::string&>();
        return text.empty() ? mustache::data(false) : mustache::data(text);
    }
    case Json::value_t::boolean: return mustache::data(value.get<bool>());
    case Json::value_t::null: return mustache::data(false);
    default: return mustache::data(value.dump()); // numbers
    }
}

class Names final : public mustache::context<std::string> {
  public:
    Names(const mustache::data* data, std::string_view page) : mustache::context<std::string>(data), page_(page) {}
    const mustache::data* get(const std::string& name) const override {
        const auto* value = mustache::context<std::string>::get(name);
        if (!value && is_strict())
            throw std::logic_error("template " + std::string(page_) + " reads " + name + ", which its model lacks");
        return value;
    }

  private:
    std::string_view page_;
};

std::string rendered(Kind kind, std::string_view language, std::string_view name, const Json& model) {
    const auto parsed = loaded(kind, language, name);
    const auto data = as_data(model);
    Names names(&data, name);
    return parsed->render(names);
}

} // namespace

std::string page(std::string_view language, std::string_view name, const Json& model) {
    return rendered(Kind::page, language, name, model);
}

std::string mail(std::string_view language, std::string_view name, const Json& model) {
    return rendered(Kind::mail, language, name, model);
}

std::string document(std::string_view language, std::string_view name, const Json& model) {
    return rendered(Kind::document, language, name, model);
}

} // namespace cunmai::texts
