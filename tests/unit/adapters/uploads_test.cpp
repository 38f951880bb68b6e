// What may be uploaded: the bytes decide, the name must agree, and what is not whole is refused.
#include "adapters/services/uploads.hpp"

#include <Poco/TemporaryFile.h>
#include <Poco/Zip/Compress.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace cunmai::test {
namespace {

using namespace http;

constexpr std::int64_t size_max = 1 << 20;

CheckedUpload checked(const std::string& name, const std::string& bytes) {
    const Poco::TemporaryFile file;
    std::ofstream(file.path(), std::ios::binary) << bytes;
    return check_upload(file.path(), name, size_max);
}

MATCHER_P(refused_for, code, "") { return arg.refusal.reasons().size() == 1 && arg.refusal.has(code); }
MATCHER_P(accepted_as, media_type, "") { return arg.refusal.empty() && arg.media_type == media_type; }

std::string big_endian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
    return big_endian(static_cast<std::uint32_t>(data.size())) + type + data + std::string(4, '\0');
}

std::string png(std::uint32_t width) {
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", big_endian(width) + big_endian(10) + std::string("\x08\x06\0\0\0", 5)) +
           chunk("IDAT", "pixels") + chunk("IEND", "");
}

std::string little_endian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
}

std::string webp_chunk(const std::string& kind, const std::string& data) {
    return kind + little_endian(static_cast<std::uint32_t>(data.size())) + data + std::string(data.size() % 2, '\0');
}

std::string webp(const std::string& chunks) {
    return "RIFF" + little_endian(static_cast<std::uint32_t>(chunks.size() + 4)) + "WEBP" + chunks;
}

const std::string lossy = webp_chunk("VP8 ", std::string("\x10\x02\x00\x9D\x01\x2A\x0A\x00\x0A\x00more", 14));
const std::string lossless = webp_chunk("VP8L", std::string("\x2F\x09\x40\x02\x00more!", 10));
const std::string extended = webp_chunk("VP8X", std::string("\x10\0\0\0\x09\0\0\x09\0\0", 10));

std::string office(const std::string& part, const std::string& content) {
    std::ostringstream out;
    Poco::Zip::Compress zip(out, true);
    for (const auto& [name, text] :
         {std::pair{std::string("[Content_Types].xml"), std::string("<Types/>")}, {part, content}}) {
        std::istringstream in(text);
        zip.addFile(in, Poco::DateTime(), Poco::Path(name, Poco::Path::PATH_UNIX));
    }
    zip.close();
    return out.str();
}

TEST(Uploads, TheBytesSayWhatItIs) {
    EXPECT_THAT(checked("a.png", png(10)), accepted_as("image/png"));
    EXPECT_THAT(checked("a.pdf", "%PDF-1.7\n…\n%%EOF\n"), accepted_as("application/pdf"));
    EXPECT_THAT(checked("a.txt", "会议记录\n"), accepted_as("text/plain"));
    EXPECT_THAT(checked("a.CSV", "a,b\r\n1,2\r\n"), accepted_as("text/csv"));
    EXPECT_THAT(checked("a.docx", office("word/document.xml", "<w/>")),
                accepted_as("application/vnd.openxmlformats-officedocument.wordprocessingml.document"));
    EXPECT_THAT(checked("a.xlsx", office("xl/workbook.xml", "<x/>")),
                accepted_as("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
}

TEST(Uploads, WebpIsWalkedToItsEnd) {
    for (const auto& chunks : {lossy, lossless, extended + lossy, extended + webp_chunk("EXIF", "odd") + lossless})
        EXPECT_THAT(checked("a.webp", webp(chunks)), accepted_as("image/webp"));
    EXPECT_TRUE(is_image("image/webp"));
    EXPECT_THAT(checked("a.png", webp(lossy)), refused_for("upload_type_mismatch"));
    EXPECT_THAT(checked("a.webp", png(10)), refused_for("upload_type_mismatch"));
    const auto whole = webp(extended + lossy);
    for (std::size_t length = 12; length < whole.size(); ++length)
        EXPECT_THAT(checked("a.webp", whole.substr(0, length)), refused_for("upload_damaged")) << length;
    EXPECT_THAT(checked("a.webp", whole + "<script>"), refused_for("upload_damaged"));
    EXPECT_THAT(checked("a.webp", webp(extended)), refused_for("upload_damaged")); // no picture
    EXPECT_THAT(checked("a.webp", webp(webp_chunk("JUNK", "data") + lossy)), refused_for("upload_damaged"));
    auto enormous = extended;
    enormous[8 + 6] = '\x7F'; // 8 million wide
    EXPECT_THAT(checked("a.webp", webp(enormous + lossy)), refused_for("upload_damaged"));
}

std::string jpeg() { // a frame of 10 × 10, a scan with a stuffed FF and a restart, a second table and scan
    return std::string("\xFF\xD8\xFF\xE0\x00\x06th\xFF\xD9", 10) +
           std::string("\xFF\xC0\x00\x0B\x08\x00\x0A\x00\x0A\x01\x01\x11\x00", 13) +
           std::string("\xFF\xDA\x00\x02"
                       "ab\xFF\x00"
                       "c\xFF\xD0"
                       "d",
                       12) +
           std::string("\xFF\xC4\x00\x04\xFF\xD9", 6) +
           std::string("\xFF\xDA\x00\x02"
                       "e\xFF\xD9",
                       7);
}

TEST(Uploads, AJpegEndsWithItsPicture) {
    const auto picture = jpeg();
    EXPECT_THAT(checked("a.jpg", picture), accepted_as("image/jpeg"));
    for (const std::string& behind : {std::string(), std::string(100, '\0'), std::string("<script>alert(1)</script>"),
                                      office("word/document.xml", "<w/>"), jpeg()}) {
        const auto kept = checked("a.jpg", picture + behind);
        EXPECT_THAT(kept, accepted_as("image/jpeg"));
        EXPECT_EQ(kept.size, static_cast<std::int64_t>(picture.size()));
    }
    for (std::size_t length = 3; length < picture.size(); ++length)
        EXPECT_THAT(checked("a.jpg", picture.substr(0, length)), refused_for("upload_damaged")) << length;
    EXPECT_EQ(checked("a.txt", "text").size, 4);
}

TEST(Uploads, TextIsUtf8) {
    for (const auto* bytes :
         {"\xED\xA0\x80", "\xE0\x80\x80", "\xF4\x90\x80\x80", "\xC0\x80", "\xF0\x80\x80\x80", "a\xE6\x9D"})
        EXPECT_THAT(checked("a.txt", bytes), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("a.txt", "村\xF0\xA0\x80\x80"), accepted_as("text/plain"));
}

TEST(Uploads, ANameThatSaysSomethingElseIsRefused) {
    EXPECT_THAT(checked("a.jpg", png(10)), refused_for("upload_type_mismatch"));
    EXPECT_THAT(checked("a.png", "just text"), refused_for("upload_type_mismatch"));
    EXPECT_THAT(checked("a.xlsx", office("word/document.xml", "<w/>")), refused_for("upload_type_mismatch"));
    EXPECT_THAT(checked("a.pdf.html", "%PDF-1.7\n%%EOF"), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("a.exe", "just text"), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("noextension", "text"), refused_for("upload_name"));
}

TEST(Uploads, ProgramsAndUnknownBytesAreRefused) {
    EXPECT_THAT(checked("a.jpg", std::string("MZ\x90\0\x03\0", 6)), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("a.txt", std::string("text\0more", 9)), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("a.txt", "\xff\xfe not UTF-8"), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("a.docx", office("other/file.bin", "x")), refused_for("upload_type_unknown"));
}

TEST(Uploads, WhatIsNotWholeIsRefused) {
    auto cut = png(10);
    cut.resize(cut.size() - 5);
    EXPECT_THAT(checked("a.png", cut), refused_for("upload_damaged"));
    EXPECT_THAT(checked("a.png", png(10) + "<script>"), refused_for("upload_damaged"));
    EXPECT_THAT(checked("a.png", png(1'000'000)), refused_for("upload_damaged"));
    EXPECT_THAT(checked("a.jpg", "\xff\xd8\xff\xe0 no frame \xff\xd9"), refused_for("upload_damaged"));
    EXPECT_THAT(checked("a.pdf", "%PDF-1.7 without an end"), refused_for("upload_damaged"));
    EXPECT_THAT(checked("a.docx", office("word/document.xml", "<w/>").substr(0, 60)), refused_for("upload_damaged"));
}

TEST(Uploads, WhatUnpacksToFarMoreThanItIsIsRefused) {
    EXPECT_THAT(checked("a.docx", office("word/document.xml", std::string(20 << 20, ' '))),
                refused_for("upload_damaged"));
}

TEST(Uploads, EmptyAndTooLarge) {
    EXPECT_THAT(checked("a.txt", ""), refused_for("upload_empty"));
    EXPECT_THAT(checked("a.txt", std::string(size_max + 1, 'a')), refused_for("upload_too_large"));
}

TEST(Uploads, ANameIsMadeSafe) {
    EXPECT_EQ(checked("C:\\temp\\..\\花名册.txt", "x").name, "花名册.txt");
    EXPECT_EQ(checked("../../etc/passwd.txt", "x").name, "passwd.txt");
    EXPECT_EQ(checked("a\"b\r\nc.txt", "x").name, "a_b__c.txt");
    EXPECT_EQ(checked("..hidden.txt", "x").name, "hidden.txt");
    EXPECT_EQ(checked("示例\u202Etxt.exe\u2066\u200B.txt", "x").name, "示例txt.exe.txt");
    std::string name;
    for (int n = 0; n < 300; ++n) name += "村";
    EXPECT_LE(checked(name + ".txt", "x").name.size(), 120u * 3);
    EXPECT_TRUE(checked(name + ".txt", "x").name.ends_with("村.txt"));
}

} // namespace
} // namespace cunmai::test
