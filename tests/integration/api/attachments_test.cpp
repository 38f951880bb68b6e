// Documents: what is accepted, what is refused, how it is delivered.
#include "tests/integration/api/district.hpp"

#include "engine/fingerprint.hpp"

#include <Poco/DateTime.h>
#include <Poco/Path.h>
#include <Poco/Zip/Compress.h>
#include <gtest/gtest.h>

#include <sstream>

namespace cunmai::test {
namespace {

Answer upload(const std::string& name, const std::string& type, const std::string& content) {
    return as("v-a").raw("POST", "/attachments?name=" + name, content, {{"Content-Type", type}});
}

TEST(Attachments, ComeBackAsTheyWentUnderASafeName) {
    const auto content = some_pdf("示例");
    const auto added =
        upload("%E7%A4%BA%E4%BE%8B%20%E8%AF%81%E6%98%8E.pdf", "application/pdf", content); // 示例 证明.pdf
    ASSERT_EQ(added.status, 201) << added.body;
    EXPECT_EQ(added.json().at("sha256"), sha256_hex(content));
    const auto back = as("v-a").get("/attachments/" + added.json().at("sha256").get<std::string>());
    EXPECT_EQ(back.status, 200);
    EXPECT_EQ(back.body, content);
    EXPECT_EQ(back.header("Content-Type"), "application/pdf");
    EXPECT_EQ(back.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(back.header("Content-Security-Policy"), "sandbox; default-src 'none'");
    EXPECT_EQ(back.header("Cache-Control"), "no-store");
    EXPECT_EQ(back.header("Content-Disposition"),
              "attachment; filename=\"__ __.pdf\"; filename*=UTF-8''%E7%A4%BA%E4%BE%8B%20%E8%AF%81%E6%98%8E.pdf");
}

TEST(Attachments, AreRefusedWhenNameTypeAndContentDisagree) {
    const std::string exe("MZ\x90\x00\x03", 5);
    struct Bad {
        std::string name, type, content;
        int status;
    };
    const std::vector<Bad> all{
        {"a.pdf", "application/pdf", "not a PDF", 422},
        {"a.pdf", "application/pdf", "%PDF-1.4 without an end", 422},
        {"a.png", "image/png", some_pdf("x"), 422},
        {"a.txt", "text/plain", exe, 422},
        {"a.txt", "text/plain", some_pdf("x"), 422},
        {"a.exe", "application/octet-stream", exe, 422},
        {"a.pdf", "application/octet-stream", exe, 422},
        {"a.pdf", "application/x-msdownload", exe, 415},
        {"a.txt", "text/html", "<script>", 415},
        {"a.html", "text/plain", "<script>", 422},
        {"a.png", "image/svg+xml", "<svg/>", 415},
        {"a.json", "application/json", "{", 422},
        {"a.txt", "application/json", "{}", 422},
        {"a.json", "text/plain", "{}", 422},
        {"a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK\x03\x04 nothing",
         422},
        {"a.pdf", "application/pdf", "", 400},
        {"..%2Fa.pdf", "application/pdf", some_pdf("x"), 400},
        {"a%0Ab.pdf", "application/pdf", some_pdf("x"), 400},
        {"a", "text/plain", some_pdf("x"), 422},
        {"", "application/pdf", some_pdf("x"), 400},
    };
    for (const auto& [name, type, content, status] : all) {
        const auto answer = upload(name, type, content);
        EXPECT_EQ(answer.status, status) << name << " " << type << " " << answer.body;
        EXPECT_FALSE(answer.json().value("detail", "").empty());
    }
}

// ---- bombs ----------------------------------------------------------------------------------------------------------

constexpr auto docx_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

// `streamed`: the sizes follow the data, as in files of programs that write to a stream.
std::string packed(const std::vector<std::pair<std::string, std::string>>& files, bool streamed = false) {
    std::ostringstream out;
    Poco::Zip::Compress zip(out, !streamed);
    for (const auto& [name, content] : files) {
        std::istringstream in(content);
        zip.addFile(in, Poco::DateTime(), Poco::Path(name, Poco::Path::PATH_UNIX));
    }
    zip.close();
    return out.str();
}

// Makes each "PK.." header of this kind claim an unpacked size of `size` bytes.
std::string with_size_said(std::string zip, const std::string& kind, std::size_t field, std::uint32_t size) {
    for (auto at = zip.find(kind); at != std::string::npos; at = zip.find(kind, at + 4))
        for (std::size_t byte = 0; byte < 4; ++byte) zip[at + field + byte] = static_cast<char>(size >> (8 * byte));
    return zip;
}

TEST(Attachments, OfficeFilesAreUnpackedToSeeThatTheyAreNoBombs) {
    const std::string types = "<Types/>", text = "<w:document/>";
    const auto fine = packed({{"[Content_Types].xml", types}, {"word/document.xml", text}});
    EXPECT_EQ(upload("a.docx", docx_type, fine).status, 201);
    EXPECT_EQ(upload("a.docx", docx_type, packed({{"[Content_Types].xml", types}, {"word/a.xml", text}}, true)).status,
              201);
    const auto streamed =
        packed({{"[Content_Types].xml", types}, {"word/document.xml", std::string(30 << 20, ' ')}}, true);
    EXPECT_TRUE(upload("a.docx", docx_type, streamed).has_reason("upload_damaged"));
    const auto bomb = packed({{"[Content_Types].xml", types}, {"word/document.xml", std::string(30 << 20, ' ')}});
    ASSERT_LT(bomb.size(), 256U << 10);
    EXPECT_TRUE(upload("a.docx", docx_type, bomb).has_reason("upload_damaged"));
    const auto modest = with_size_said(with_size_said(bomb, "PK\x03\x04", 22, 13), "PK\x01\x02", 24, 13);
    EXPECT_TRUE(upload("a.docx", docx_type, modest).has_reason("upload_damaged")); // its claims do not matter
    // Two names for the same bytes, and a directory that hides an entry.
    auto twice = packed({{"[Content_Types].xml", types}, {"word/a.xml", text}, {"word/b.xml", text}});
    const auto second = twice.rfind("PK\x01\x02"), first = twice.rfind("PK\x01\x02", second - 1);
    twice.replace(second + 42, 4, twice.substr(first + 42, 4));
    EXPECT_TRUE(upload("a.docx", docx_type, twice).has_reason("upload_damaged"));
    auto hidden = fine;
    const auto end = hidden.rfind("PK\x05\x06");
    hidden[end + 10] = 1;
    EXPECT_TRUE(upload("a.docx", docx_type, hidden).has_reason("upload_damaged"));
}

TEST(Attachments, PicturesOfAbsurdSizeAreRefused) {
    const auto png = [](std::uint32_t width, std::uint32_t height) {
        const auto number = [](std::uint32_t value) {
            std::string bytes;
            for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
            return bytes;
        };
        const std::string crc(4, '\0');
        return "\x89PNG\r\n\x1a\n" + number(13) + "IHDR" + number(width) + number(height) +
               std::string("\x08\x02\0\0\0", 5) + crc + number(0) + "IEND" + crc;
    };
    EXPECT_EQ(upload("a.png", "image/png", png(4000, 3000)).status, 201);
    for (const auto& [width, height] :
         std::vector<std::pair<std::uint32_t, std::uint32_t>>{{20'000, 20'000}, {30'000, 10}, {0, 10}, {10, 0}})
        EXPECT_TRUE(upload("a.png", "image/png", png(width, height)).has_reason("upload_damaged")) << width;
}

TEST(Attachments, AboveTheLimitAreRefused) {
    const auto large = "%PDF-1.4\n" +
                       std::string(static_cast<std::size_t>(District::the().app().config.upload_max_bytes), ' ') +
                       "%%EOF";
    EXPECT_EQ(upload("a.pdf", "application/pdf", large).status, 413);
    EXPECT_EQ(upload("a.pdf", "application/pdf", std::string(10 << 20, 'x')).status, 413);
    EXPECT_EQ(upload("a.pdf", "application/pdf", some_pdf("afterwards")).status, 201);
}

TEST(Attachments, TheSameContentIsOneDocumentForEachOfItsUploaders) {
    const auto content = some_pdf("the same");
    const auto first = as("v-a").upload("first.pdf", "application/pdf", content);
    EXPECT_EQ(as("v-b").get("/attachments/" + first).status, 404);
    const auto second = as("v-b").upload("second.pdf", "application/pdf", content);
    EXPECT_EQ(first, second);
    EXPECT_EQ(as("v-b").get("/attachments/" + second).status, 200);
    EXPECT_EQ(as("v-a").get("/attachments/" + first).status, 200);
    EXPECT_EQ(as("v-a2").get("/attachments/" + first).status, 404);
}

TEST(Attachments, OfTheSameContentShowEachUploaderTheirOwnName) {
    const auto content = some_pdf("one content, two names");
    const auto mine = upload("mine.pdf", "application/pdf", content).json();
    const auto path = "/attachments?name=theirs.pdf";
    const auto theirs = as("v-b").raw("POST", path, content, {{"Content-Type", "application/pdf"}}).json();
    EXPECT_EQ(theirs.at("sha256"), mine.at("sha256"));
    EXPECT_EQ(theirs.at("name"), "theirs.pdf");
    EXPECT_EQ(theirs.at("added_by"), District::id("v-b"));
    const auto sha256 = mine.at("sha256").get<std::string>();
    const auto shown = [&](const std::string& login) {
        return as(login).get("/attachments/" + sha256).header("Content-Disposition");
    };
    EXPECT_NE(shown("v-a").find("mine.pdf"), std::string::npos);
    EXPECT_NE(shown("v-b").find("theirs.pdf"), std::string::npos);

    const auto id = case_in("town_screening", village_b); // v-b has acted in it, v-a has not
    District::the().app().documents.link({id}, {sha256});
    const auto documents = as("s-b").get("/cases/" + id + "/documents").json().at("items");
    const auto linked =
        std::find_if(documents.begin(), documents.end(), [&](const Json& one) { return one.at("sha256") == sha256; });
    ASSERT_NE(linked, documents.end());
    EXPECT_EQ(linked->at("name"), "theirs.pdf");
    EXPECT_EQ(linked->at("added_by"), District::id("v-b"));
    EXPECT_NE(shown("s-b").find("theirs.pdf"), std::string::npos);
}

TEST(Attachments, TextComesBackAsUtf8) {
    const auto sha256 = as("v-a").upload("a.csv", "text/csv", "村,户\n");
    EXPECT_EQ(as("v-a").get("/attachments/" + sha256).header("Content-Type"), "text/csv; charset=utf-8");
}

TEST(Attachments, TextOfWindowsComesBackAsItWasWithItsCharset) {
    const std::string gbk("\xCA\xBE\xC0\xFD\xB4\xE5,1\r\n");
    const auto back = as("v-a").get("/attachments/" + as("v-a").upload("a.csv", "text/csv", gbk));
    EXPECT_EQ(back.header("Content-Type"), "text/csv; charset=gb18030");
    EXPECT_EQ(back.body, gbk);
}

TEST(Attachments, APictureOrAFileWithoutEndingGetsTheRightOne) {
    const std::string png(
        "\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\0\0\0\x0A\0\0\0\x0A\x08\x06\0\0\0\0\0\0\0\0\0\0\0IEND\0\0\0\0", 45);
    const auto name_of = [](const Answer& answer) { return answer.json().value("name", answer.body); };
    EXPECT_EQ(name_of(upload("photo.jpg", "image/jpeg", png)), "photo.png");
    EXPECT_EQ(name_of(upload("photo", "application/octet-stream", png)), "photo.png");
    EXPECT_EQ(name_of(upload("scan", "application/pdf", some_pdf("scan"))), "scan.pdf");
}

TEST(Attachments, JsonIsReadWithoutBeingBuiltUp) {
    const auto type = "application/json";
    EXPECT_EQ(upload("m.json", type, "[" + std::string(1 << 20, ' ') + "]").status, 413);
    EXPECT_EQ(upload("m.json", type, std::string(20, '[') + std::string(20, ']')).status, 422);
    EXPECT_EQ(upload("m.json", type, std::string(19, '[') + std::string(19, ']')).status, 201);
    EXPECT_EQ(upload("m.json", type, "{} {}").status, 422);
    EXPECT_EQ(upload("m.json", type, "\"\xED\xA0\x80\"").status, 422);
}

// Otherwise their evidence would neither be checked nor linked to the case.
TEST(Attachments, AnswersThatAreNotJsonAreRefused) {
    const auto id = case_in("self_check", village_a);
    const auto foreign = as("v-b").upload("foreign.pdf", "application/pdf", some_pdf("not of " + id));
    Json answers = Json::parse(good_answers(village_a));
    answers["note"] = id; // so that the content is new
    for (const auto& evidence : {foreign, std::string(64, 'a')}) {
        answers["answers"]["ORG-01"]["evidence"] = {evidence};
        const auto text = as("v-a").upload("answers.txt", "text/plain", answers.dump());
        EXPECT_TRUE(as("v-a").give(id, "submit_self_check", {{"answers", text}}).has_reason("answers_unreadable"));
        const auto json = as("v-a").upload("answers.json", "application/json", answers.dump());
        EXPECT_EQ(json, text);
        EXPECT_TRUE(as("v-a").give(id, "submit_self_check", {{"answers", json}}).has_reason("document_unknown"));
    }
}

TEST(Attachments, BelongToTheCaseAfterTheCommandThatNamesThem) {
    const auto id = case_in("self_check", village_a);
    const auto evidence = as("v-a").upload("evidence.pdf", "application/pdf", some_pdf("evidence of " + id));
    Json answers = Json::parse(good_answers(village_a));
    answers["answers"]["ORG-01"]["evidence"] = {evidence};
    const auto document = as("v-a").upload("answers.json", "application/json", answers.dump());
    EXPECT_EQ(as("s-a").get("/attachments/" + evidence).status, 404);
    const auto submitted = as("v-a").give(id, "submit_self_check", {{"answers", document}});
    ASSERT_EQ(submitted.status, 200) << submitted.body;
    EXPECT_EQ(as("s-a").get("/attachments/" + document).status, 200);
    EXPECT_EQ(as("s-a").get("/attachments/" + evidence).status, 200);
    EXPECT_EQ(as("s-b").get("/attachments/" + evidence).status, 404);
    EXPECT_EQ(as("sysadmin").get("/attachments/" + evidence).status, 404);
    const auto path = "/cases/" + id + "/documents?limit=1";
    const auto first = as("s-a").get(path).json();
    const auto second = as("s-a").get(path + "&cursor=" + first.at("next_cursor").get<std::string>()).json();
    EXPECT_NE(first.at("items")[0].at("sha256"), second.at("items")[0].at("sha256"));
    EXPECT_TRUE(second.at("next_cursor").is_null());
    EXPECT_EQ(as("s-a").get(path + "&cursor=nothing").code(), "bad_cursor");
}

// Linking must not happen afterwards: a crash in between would leave evidence that nobody can open.
TEST(Attachments, BecomeTheCasesInTheCommandsOwnTransaction) {
    auto& app = District::the().app();
    const auto id = case_in("department_review", village_a);
    const auto sha256 = as("panel").upload("minutes.pdf", "application/pdf", some_pdf("of the committee"));
    const auto linked = [&] {
        const auto all = app.documents.of_case({id});
        return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.sha256 == sha256; });
    };
    engine::CommandRequest command;
    command.case_id.text = id;
    command.name = "return_to_town";
    command.actor.text = District::id("panel");
    command.documents = {sha256};
    command.expected_version = 3;
    command.idempotency_key = fresh_key();
    EXPECT_NE(app.service.execute(command).kind, engine::Outcome::Kind::accepted); // without a reason
    EXPECT_FALSE(linked());
    command.payload = {{"reason", "示例"}};
    command.idempotency_key = fresh_key();
    int runs = 0;
    EXPECT_THROW(app.database.write([&](engine::Transaction& tx) { // rolled back: the link too
        ++runs;
        tx.link_documents({id}, {sha256});
        throw std::runtime_error("a crash before COMMIT");
    }),
                 std::runtime_error);
    EXPECT_GE(runs, 1);
    EXPECT_FALSE(linked());
    EXPECT_EQ(app.service.execute(command).kind, engine::Outcome::Kind::accepted);
    EXPECT_TRUE(linked());
    EXPECT_EQ(as("auditor").get("/attachments/" + sha256).status, 200);
}

} // namespace
} // namespace cunmai::test
