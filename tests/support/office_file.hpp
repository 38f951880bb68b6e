// Opens Word and Excel files as their readers do: a zip whose parts are well-formed XML.
#pragma once

#include <Poco/DOM/AutoPtr.h>
#include <Poco/DOM/Document.h>
#include <Poco/DOM/Element.h>

#include <map>
#include <string>
#include <vector>

namespace cunmai::test {

using Xml = Poco::XML::AutoPtr<Poco::XML::Document>;

Xml parsed_xml(const std::string& text);                              // throws unless it is well-formed
std::map<std::string, std::string> unpacked(const std::string& file); // by name; throws unless every part is XML
std::vector<Poco::XML::Element*> elements(const Poco::XML::Element* within, const std::string& name);
Poco::XML::Element* element(const Poco::XML::Element* within, const std::string& name); // the first; throws

// The paragraphs of a Word document, those in tables too.
std::vector<std::string> paragraphs(const std::string& docx);
// The rows of a sheet (from 1) of an Excel workbook, as text. A cell that is not text is an error.
std::vector<std::vector<std::string>> sheet_rows(const std::string& xlsx, int sheet);

} // namespace cunmai::test
