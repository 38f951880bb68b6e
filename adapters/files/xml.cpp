#include "adapters/files/xml.hpp"

#include <Poco/SAX/AttributesImpl.h>
#include <Poco/XML/XMLWriter.h>

#include <cmath>
#include <cstdio>

namespace cunmai::xml {

struct Writer::Impl {
    Poco::XML::XMLWriter writer;
    Impl(std::ostream& out, int options) : writer(out, options) {}
};

Writer::Writer(bool declaration)
    : impl_(std::make_unique<Impl>(out_, Poco::XML::XMLWriter::CANONICAL_XML | Poco::XML::XMLWriter::PRETTY_PRINT |
                                             (declaration ? Poco::XML::XMLWriter::WRITE_XML_DECLARATION : 0))) {
    impl_->writer.setNewLine("\n");
    impl_->writer.setIndent("  ");
    impl_->writer.startDocument();
}
Writer::~Writer() = default;

void Writer::open(const std::string& name, Attributes attributes) {
    Poco::XML::AttributesImpl all;
    for (const auto& [key, value] : attributes) all.addAttribute("", "", key, "CDATA", value);
    impl_->writer.startElement("", "", name, all);
}

void Writer::close(const std::string& name) { impl_->writer.endElement("", "", name); }

void Writer::element(const std::string& name, Attributes attributes, const std::string& text) {
    open(name, attributes);
    impl_->writer.characters(text);
    close(name);
}

std::string Writer::done() {
    impl_->writer.endDocument();
    return out_.str();
}

std::string coordinate(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", std::round(value * 10) / 10 + 0.0);
    std::string result(text);
    if (result.ends_with(".0")) result.resize(result.size() - 2);
    return result == "-0" ? "0" : result;
}

} // namespace cunmai::xml
