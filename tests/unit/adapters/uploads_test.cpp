// What may be uploaded: the bytes decide, the name must agree, and incomplete files are refused.
#include "adapters/services/uploads.hpp"

#include <Poco/TemporaryFile.h>
#include <Poco/Zip/Compress.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
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

std::string packed(const std::vector<std::pair<std::string, std::string>>& parts) {
    std::ostringstream out;
    Poco::Zip::Compress zip(out, true);
    for (const auto& [name, text] : parts) {
        std::istringstream in(text);
        zip.addFile(in, Poco::DateTime(), Poco::Path(name, Poco::Path::PATH_UNIX));
    }
    zip.close();
    return out.str();
}

std::string office(const std::string& part, const std::string& content) {
    return packed({{"[Content_Types].xml", "<Types/>"}, {part, content}});
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

TEST(Uploads, APictureGetsTheEndingThatItShouldHave) {
    struct Case {
        std::string name, bytes, becomes;
    };
    for (const auto& [name, bytes, becomes] : std::vector<Case>{{"示例.jpg", png(10), "示例.png"},
                                                                {"示例.PNG", jpeg(), "示例.jpg"},
                                                                {"a.png", webp(lossy), "a.webp"},
                                                                {"示例.jfif", jpeg(), "示例.jfif"},
                                                                {"微信图片_20260101", jpeg(), "微信图片_20260101.jpg"},
                                                                {"", png(10), "document.png"},
                                                                {"会议记录", "text", "会议记录.txt"},
                                                                {"扫描件", "%PDF-1.4\n%%EOF", "扫描件.pdf"}}) {
        const auto taken = checked(name, bytes);
        EXPECT_TRUE(taken.refusal.empty()) << name << engine::to_json(taken.refusal);
        EXPECT_EQ(taken.name, becomes);
    }
}

TEST(Uploads, TextOfWindowsIsTaken) {
    const std::string gbk("\xCA\xBE\xC0\xFD\xB4\xE5\r\n\xBB\xE1\xD2\xE9\r\n"); // 示例村, 会议
    EXPECT_THAT(checked("a.txt", gbk), accepted_as("text/plain; charset=gb18030"));
    EXPECT_THAT(checked("a.csv", gbk + ",1\r\n"), accepted_as("text/csv; charset=gb18030"));
    EXPECT_THAT(checked("a.txt", std::string("\xFF\xFE\x3A\x79\x8B\x4F\x0D\x00\x0A\x00", 10)),
                accepted_as("text/plain; charset=utf-16"));
    EXPECT_THAT(checked("a.txt", std::string("\xFE\xFF\x79\x3A\x4F\x8B", 6)),
                accepted_as("text/plain; charset=utf-16"));
    EXPECT_THAT(checked("a.txt", "\xEF\xBB\xBF村"), accepted_as("text/plain"));
    EXPECT_THAT(checked("a.txt", std::string("\xFF\xFE\x00\xD8", 4)), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("a.txt", gbk + '\0'), refused_for("upload_type_unknown"));
}

TEST(Uploads, APdfMayHaveBytesBeforeAndBehind) {
    const std::string pdf = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n";
    EXPECT_THAT(checked("a.pdf", pdf + std::string(3000, '\0') + "scanner"), accepted_as("application/pdf"));
    EXPECT_THAT(checked("a.pdf", "\r\n@PJL \xff\r\n" + pdf), accepted_as("application/pdf"));
    EXPECT_THAT(checked("a.pdf", std::string(2000, ' ') + pdf), refused_for("upload_type_mismatch"));
    EXPECT_THAT(checked("a.pdf", "MZ\x90" + pdf), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("a.pdf", "%%EOF %PDF-1.4"), refused_for("upload_damaged"));
}

// An empty page, encrypted in each way that the standard knows: `open_` ones only against changes.
std::string pdf_file(const std::string& name) {
    std::ifstream in(std::filesystem::path(__FILE__).parent_path() / "pdf" / (name + ".pdf"), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Uploads, APdfThatOpensForEverybodyIsNotCalledLocked) {
    for (const std::string way : {"rc4_40", "rc4_128", "aes_128", "aes_256", "aes_256_old"}) {
        EXPECT_THAT(checked("a.pdf", pdf_file("open_" + way)), accepted_as("application/pdf")) << way;
        EXPECT_THAT(checked("a.pdf", pdf_file("closed_" + way)), refused_for("upload_password")) << way;
    }
    EXPECT_THAT(checked("a.pdf", "%PDF-1.7\n/Encrypt << /Filter /Adobe.PubSec >>\n%%EOF"),
                refused_for("upload_password"));
    EXPECT_THAT(checked("a.pdf", "%PDF-1.7\n(about /Encrypt)\n%%EOF"), accepted_as("application/pdf"));
}

TEST(Uploads, OfdIsTaken) {
    EXPECT_THAT(checked("a.ofd", packed({{"OFD.xml", "<ofd:OFD/>"}, {"Doc_0/Document.xml", "<ofd:Document/>"}})),
                accepted_as("application/ofd"));
    EXPECT_THAT(checked("a.ofd", packed({{"other.xml", "<x/>"}})), refused_for("upload_type_unknown"));
}

TEST(Uploads, OfficeFilesWithProgramsOrPartsFromElsewhereAreRefusedAndSaidToBe) {
    const auto docx = [](std::vector<std::pair<std::string, std::string>> more) {
        more.insert(more.begin(), {{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<w/>"}});
        return packed(more);
    };
    const std::string external = "\" Target=\"http://evil.example/x\" TargetMode=\"External\"/></Relationships>";
    const std::string relation = "<Relationships><Relationship Id=\"1\" Type=\"http://schemas.example/relationships";
    const std::string utf16("<\0!\0D\0O\0C\0T\0Y\0P\0E\0 \0x\0>\0", 24);
    struct Case {
        std::string name, content, code;
    };
    for (const auto& [name, content, code] : std::vector<Case>{
             {"word/vbaProject.bin", "program", "upload_macros"},
             {"word/activeX/activeX1.bin", "program", "upload_macros"},
             {"word/settings.xml",
              "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a/>", "upload_remote"},
             {"word/footer1.xml", utf16, "upload_remote"},
             {"word/_rels/settings.xml.rels", relation + "/attachedTemplate" + external, "upload_remote"},
             {"word/_rels/document.xml.rels", relation + "/oleObject" + external, "upload_remote"}}) {
        const auto refused = checked("a.docx", docx({{name, content}}));
        EXPECT_THAT(refused, refused_for(code)) << name;
        EXPECT_EQ(refused.refusal.reasons().front().facts.value("part", ""), name);
    }
    EXPECT_TRUE(
        checked("a.docx", docx({{"word/_rels/document.xml.rels", relation + "/hyperlink" + external}})).refusal.empty())
        << "a link that people follow themselves";
    auto leads_out = docx({{"word/aa/aa/passwd", "x"}});
    for (auto at = leads_out.find("word/aa/aa/"); at != std::string::npos; at = leads_out.find("word/aa/aa/"))
        leads_out.replace(at, 11, "word/../../");
    EXPECT_THAT(checked("a.docx", leads_out), refused_for("upload_paths"));
    auto locked = docx({});
    for (auto at = locked.find("PK\x03\x04"); at != std::string::npos; at = locked.find("PK\x03\x04", at + 4))
        locked[at + 6] = static_cast<char>(locked[at + 6] | 1);
    EXPECT_THAT(checked("a.docx", locked), refused_for("upload_password"));
}

// An OLE container of one sector of directory and, for each stream, one of content; small enough to be read here.
std::string ole(const std::vector<std::pair<std::string, std::string>>& streams) {
    constexpr std::size_t sector = 512;
    std::string head("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8), directory, content;
    head.resize(30, '\0');
    head += std::string("\x09\0\x06\0", 4);
    head.resize(sector, '\0');
    std::uint32_t at = 1;
    for (const auto& [name, bytes] : streams) {
        std::string entry;
        for (const char letter : name) (entry += letter) += '\0';
        entry.resize(116, '\0');
        entry += little_endian(at++) + little_endian(8192) + std::string(4, '\0');
        directory += entry;
        content += bytes;
        content.resize((content.size() + sector - 1) / sector * sector, '\0');
    }
    directory.resize(sector, '\0');
    return head + directory + content;
}

TEST(Uploads, OldOfficeFilesTellOfProgramsAndPasswords) {
    const auto type = "application/x-ole-storage";
    const std::string word("\xEC\xA5\xC1\0\0\0\0\0\0\0\0\0\0\0", 14), sheet("\x09\x08\x04\0\0\x06\x05\0", 8);
    auto locked_word = word;
    locked_word[11] = 1;
    const auto locked_sheet = sheet + std::string("\x2F\0\x06\0\x01\0\x01\0\x01\0", 10);
    EXPECT_THAT(checked("a.doc", ole({{"WordDocument", word}})), accepted_as(type));
    EXPECT_THAT(checked("a.wps", ole({{"WordDocument", word + "_VBA_PROJECT"}})), accepted_as(type)) << "only its text";
    EXPECT_THAT(checked("a.xls", ole({{"Workbook", sheet}})), accepted_as(type));
    EXPECT_THAT(checked("a.doc", ole({{"WordDocument", locked_word}})), refused_for("upload_password"));
    EXPECT_THAT(checked("a.xls", ole({{"Workbook", locked_sheet}})), refused_for("upload_password"));
    EXPECT_THAT(checked("a.docx", ole({{"EncryptionInfo", "x"}, {"EncryptedPackage", "x"}})),
                refused_for("upload_password"));
    EXPECT_THAT(checked("a.doc", ole({{"WordDocument", word}, {"_VBA_PROJECT", "x"}})), refused_for("upload_macros"));
    EXPECT_THAT(checked("a.docx", ole({{"WordDocument", word}})), refused_for("upload_type_mismatch"));
}

TEST(Uploads, TextIsUtf8) {
    for (const auto* bytes :
         {"\xED\xA0\x80", "\xE0\x80\x80", "\xF4\x90\x80\x80", "\xC0\x80", "\xF0\x80\x80\x80", "a\xE6\x9D"})
        EXPECT_THAT(checked("a.txt", bytes), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("a.txt", "村\xF0\xA0\x80\x80"), accepted_as("text/plain"));
}

TEST(Uploads, ANameThatSaysSomethingElseIsRefused) {
    EXPECT_THAT(checked("a.jpg", "%PDF-1.7\n%%EOF"), refused_for("upload_type_mismatch"));
    EXPECT_THAT(checked("a.txt", png(10)), refused_for("upload_type_mismatch"));
    EXPECT_THAT(checked("a.png", "just text"), refused_for("upload_type_mismatch"));
    EXPECT_THAT(checked("a.xlsx", office("word/document.xml", "<w/>")), refused_for("upload_type_mismatch"));
    EXPECT_THAT(checked("a.pdf.html", "%PDF-1.7\n%%EOF"), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("a.exe", "just text"), refused_for("upload_type_unknown"));
}

TEST(Uploads, ProgramsAndUnknownBytesAreRefused) {
    EXPECT_THAT(checked("a.jpg", std::string("MZ\x90\0\x03\0", 6)), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("a.txt", std::string("text\0more", 9)), refused_for("upload_type_unknown"));
    EXPECT_THAT(checked("a.txt", "\xff\xfe not UTF-16"), refused_for("upload_type_unknown"));
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
