#include "tests/support/office_file.hpp"

#include <Poco/DOM/DOMParser.h>
#include <Poco/DOM/NodeList.h>
#include <Poco/Exception.h>
#include <Poco/Zip/ZipArchive.h>
#include <Poco/Zip/ZipStream.h>

#include <iterator>
#include <sstream>
#include <stdexcept>

namespace cunmai::test {

using Poco::XML::Element;

Xml parsed_xml(const std::string& text) {
    Poco::XML::DOMParser parser;
    return parser.parseString(text);
}

std::map<std::string, std::string> unpacked(const std::string& file) {
    std::istringstream in(file);
    const Poco::Zip::ZipArchive archive(in);
    std::map<std::string, std::string> parts;
    for (auto header = archive.headerBegin(); header != archive.headerEnd(); ++header) {
        in.clear();
        Poco::Zip::ZipInputStream part(in, header->second);
        std::string content{std::istreambuf_iterator<char>(part), {}};
        try {
            parsed_xml(content);
        } catch (const Poco::Exception& odd) {
            throw std::runtime_error(header->first + " is no XML: " + odd.displayText() + "\n" + content);
        }
        parts[header->first] = std::move(content);
    }
    return parts;
}

std::vector<Element*> elements(const Element* within, const std::string& name) {
    std::vector<Element*> all;
    Poco::XML::AutoPtr<Poco::XML::NodeList> list = within->getElementsByTagName(name);
    for (unsigned long i = 0; i < list->length(); ++i) all.push_back(static_cast<Element*>(list->item(i)));
    return all;
}

Element* element(const Element* within, const std::string& name) {
    const auto all = elements(within, name);
    if (all.empty()) throw std::runtime_error("no element " + name);
    return all.front();
}

std::vector<std::string> paragraphs(const std::string& docx) {
    const auto document = parsed_xml(unpacked(docx).at("word/document.xml"));
    std::vector<std::string> all;
    for (const auto* paragraph : elements(document->documentElement(), "w:p")) {
        std::string text;
        for (const auto* run : elements(paragraph, "w:t")) text += run->innerText();
        all.push_back(text);
    }
    return all;
}

std::vector<std::vector<std::string>> sheet_rows(const std::string& xlsx, int sheet) {
    const auto document = parsed_xml(unpacked(xlsx).at("xl/worksheets/sheet" + std::to_string(sheet) + ".xml"));
    std::vector<std::vector<std::string>> all;
    for (const auto* row : elements(document->documentElement(), "row")) {
        std::vector<std::string> cells;
        for (const auto* cell : elements(row, "c")) {
            if (cell->getAttribute("t") != "inlineStr" && !elements(cell, "v").empty())
                throw std::runtime_error("a cell that is no text: " + cell->getAttribute("r"));
            cells.push_back(elements(cell, "t").empty() ? "" : element(cell, "t")->innerText());
        }
        all.push_back(std::move(cells));
    }
    return all;
}

} // namespace cunmai::test
