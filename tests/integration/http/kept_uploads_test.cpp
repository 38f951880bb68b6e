// What becomes of an upload that was checked: looked at by the virus scanner where there is one, counted against what a
// person may upload in a day, removed when nothing names it.
#include "tests/integration/http/server_fixture.hpp"

#include "adapters/services/doctor.hpp"
#include "adapters/services/uploads.hpp"
#include "adapters/services/virus_scanner.hpp"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/TemporaryFile.h>

#include <fstream>
#include <thread>

namespace cunmai::test {

namespace {

// Speaks as clamd does: "EICAR" in what comes is a virus; "SICK" makes it fail; "DEAD" makes it hang up.
class Clamd {
  public:
    explicit Clamd(const Poco::Net::SocketAddress& address) : listening_(address) {
        thread_ = std::thread([this] { serve(); });
    }
    ~Clamd() {
        stopping_ = true;
        thread_.join();
    }
    std::string address() const { return listening_.address().toString(); }

  private:
    void serve() {
        while (!stopping_)
            if (listening_.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) {
                auto socket = listening_.acceptConnection();
                answer(socket);
            }
    }
    static std::string take(Poco::Net::StreamSocket& socket, std::size_t count) {
        std::string bytes(count, '\0');
        for (std::size_t came = 0; came < count;) {
            const int some = socket.receiveBytes(bytes.data() + came, static_cast<int>(count - came));
            if (some <= 0) throw std::runtime_error("cut short");
            came += static_cast<std::size_t>(some);
        }
        return bytes;
    }
    static void answer(Poco::Net::StreamSocket& socket) {
        std::string command;
        while (command.empty() || command.back() != '\0') command += take(socket, 1);
        const auto say = [&](const std::string& text) {
            socket.sendBytes(text.c_str(), static_cast<int>(text.size() + 1));
        };
        if (command == std::string("zPING\0", 6)) return say("PONG");
        if (command != std::string("zINSTREAM\0", 10)) return say("UNKNOWN COMMAND");
        std::string content;
        for (;;) {
            const auto head = take(socket, 4);
            std::size_t length = 0;
            for (const char byte : head) length = length * 256 + static_cast<unsigned char>(byte);
            if (length == 0) break;
            content += take(socket, length);
        }
        const auto has = [&](const char* what) { return content.find(what) != std::string::npos; };
        if (has("DEAD")) return;
        say(has("EICAR")  ? "stream: Win.Test.EICAR_HDB-1 FOUND"
            : has("SICK") ? "INSTREAM size limit exceeded. ERROR"
                          : "stream: OK");
    }

    Poco::Net::ServerSocket listening_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

class KeptUploads : public HttpTest {
  protected:
    void SetUp() override {
        HttpTest::SetUp();
        by = add_person("a");
    }
    http::StoredUpload upload(const std::string& text) {
        const Poco::TemporaryFile file;
        std::ofstream(file.path(), std::ios::binary) << text;
        return http::store_upload(*app, by, file.path(), "示例.txt");
    }
    std::string refused_for(const std::string& text) {
        const auto stored = upload(text);
        return stored.refusal.empty() ? "" : stored.refusal.reasons().front().code;
    }
    engine::PersonId by;
};

TEST_F(KeptUploads, AreExaminedBeforeTheyAreKept) {
    for (const bool by_path : {false, true}) {
        const auto path = folder.path + "/clamd";
        Clamd clamd(by_path ? Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, path)
                            : Poco::Net::SocketAddress("127.0.0.1", 0));
        app->config.virus_scanner = by_path ? path : clamd.address();
        EXPECT_EQ(refused_for("harmless"), "");
        EXPECT_EQ(refused_for(std::string(300'000, 'x')), "");
        const auto infected = upload("EICAR");
        ASSERT_EQ(infected.refusal.reasons().size(), 1u);
        EXPECT_EQ(infected.refusal.reasons().front().code, "upload_infected");
        EXPECT_EQ(infected.refusal.reasons().front().facts.at("virus"), "Win.Test.EICAR_HDB-1");
        EXPECT_EQ(refused_for("SICK"), "upload_not_scanned");
        EXPECT_EQ(refused_for("DEAD"), "upload_not_scanned");
        doctor::Signs signs;
        doctor::look_at_scanner(app->config, signs);
        EXPECT_EQ(worst_of(signs), doctor::Level::good);
    }
    EXPECT_EQ(refused_for("nobody listens any more"), "upload_not_scanned");
    doctor::Signs signs;
    doctor::look_at_scanner(app->config, signs);
    EXPECT_EQ(worst_of(signs), doctor::Level::fault);
    EXPECT_EQ(app->documents.bytes_uploaded(by, engine::Instant{0}), 8 + 300'000) << "what was refused is not kept";
}

TEST_F(KeptUploads, OfOneDayHaveALimit) {
    app->config.upload_day_max_bytes = 1000;
    EXPECT_EQ(refused_for(std::string(600, 'a')), "");
    EXPECT_EQ(refused_for(std::string(600, 'b')), "upload_day_full");
    EXPECT_EQ(refused_for(std::string(400, 'b')), "");
    EXPECT_EQ(refused_for("c"), "upload_day_full");
    move_clock(24 * 60 * 60 + 1);
    EXPECT_EQ(refused_for(std::string(600, 'b')), "");
}

TEST_F(KeptUploads, GoAfterADayWhenNothingNamesThem) {
    const auto forgotten = upload("forgotten").info.sha256, used = upload("used").info.sha256;
    app->documents.link({"C1"}, {used});
    move_clock(23 * 60 * 60);
    EXPECT_EQ(http::remove_unused_uploads(*app), 0);
    move_clock(2 * 60 * 60);
    EXPECT_EQ(http::remove_unused_uploads(*app), 1);
    EXPECT_FALSE(app->documents.info(forgotten));
    EXPECT_TRUE(app->documents.info(used));
}

} // namespace

} // namespace cunmai::test
