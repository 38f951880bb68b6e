#include "adapters/files/docx.hpp"

#include "adapters/words/texts.hpp"
#include "engine/text.hpp"

#include <Poco/DateTime.h>
#include <Poco/Path.h>
#include <Poco/Zip/Compress.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace cunmai::docx {

namespace {

constexpr std::size_t kept_rows_max = 8; // of a table that no page break divides
constexpr int text_width = 8844;         // 156 mm in twentieths of a point

// Name in the package, template. Readers expect the first one first.
constexpr std::pair<const char*, const char*> parts[] = {
    {"[Content_Types].xml", "docx/content_types"},
    {"_rels/.rels", "docx/package_rels"},
    {"docProps/core.xml", "docx/core"},
    {"word/document.xml", "docx/document"},
    {"word/_rels/document.xml.rels", "docx/document_rels"},
    {"word/styles.xml", "docx/styles"},
    {"word/settings.xml", "docx/settings"},
    {"word/fontTable.xml", "docx/fontTable"},
    {"word/numbering.xml", "docx/numbering"},
    {"word/footer_odd.xml", "docx/footer_odd"},
    {"word/footer_even.xml", "docx/footer_even"},
};

Json or_false(const std::string& text) { return text.empty() ? Json(false) : Json(text); }

Json cells(const std::vector<std::string>& texts) {
    auto list = Json::array();
    for (const auto& text : texts) list.push_back({{"cell", or_false(for_xml(text))}});
    return list;
}

} // namespace

Document::Document(std::string language, const std::string& title)
    : language_(std::move(language)), model_{
                                          {"lang", language_}, {"title", for_xml(title)}, {"blocks", Json::array()}} {
    add("Title", "", title);
}

void Document::add(const char* style, const std::string& label, const std::string& text) {
    model_["blocks"].push_back({{"is_table", false},
                                {"style", style},
                                {"label", or_false(for_xml(label))},
                                {"text", or_false(for_xml(text))}});
}

void Document::heading(int level, const std::string& text) {
    static constexpr const char* styles[] = {"Heading1", "Heading2", "Heading3"};
    if (level < 1 || level > 3) throw std::invalid_argument("no heading of level " + std::to_string(level));
    add(styles[level - 1], "", text);
}

void Document::paragraph(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (!line.empty()) add("BodyText", "", line);
    }
}

void Document::labelled(const std::string& label, const std::string& text) { add("BodyText", label, text); }

void Document::table(const std::string& caption, const std::vector<std::string>& head,
                     const std::vector<std::vector<std::string>>& rows) {
    add("Caption", "", caption);
    auto list = Json::array();
    for (const auto& row : rows) {
        if (row.size() != head.size()) throw std::invalid_argument("a row with another number of cells than the head");
        list.push_back({{"cells", cells(row)}});
    }
    const auto width = text_width / static_cast<int>(std::max<std::size_t>(head.size(), 1));
    model_["blocks"].push_back({{"is_table", true},
                                {"width", std::to_string(width)},
                                {"kept", rows.size() <= kept_rows_max},
                                {"head", cells(head)},
                                {"rows", std::move(list)}});
}

void Document::note(const std::string& text) { add("Note", "", text); }

std::string Document::packed() const {
    const Poco::DateTime always(1980, 1, 1); // the first day that a zip file can name
    std::ostringstream out;
    Poco::Zip::Compress zip(out, true);
    for (const auto& [name, source] : parts) {
        std::istringstream part(texts::document(language_, source, model_));
        Poco::Path path; // all of it as the file's name: a package has no entries for folders
        path.setFileName(name);
        zip.addFile(part, always, path);
    }
    zip.close();
    return out.str();
}

} // namespace cunmai::docx
