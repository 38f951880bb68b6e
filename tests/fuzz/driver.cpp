// fuzz_parsers [--target NAME] [--runs N | --seconds S] [--seed N] [--keep DIR] [--input FILE]
// Without --target: all, one after another. --keep: inputs that took new paths are written there, as candidates for the
// corpus. --input: only this one. Failing inputs are written to the working folder and named.
#include "tests/fuzz/driver.hpp"

#include "tests/fuzz/coverage.hpp"
#include "tests/fuzz/mutation.hpp"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <unistd.h>

#include <algorithm>
#include <chrono>

extern "C" void __sanitizer_set_death_callback(void (*)()) __attribute__((weak));

namespace cunmai::fuzz {

namespace {

constexpr unsigned patience_seconds = 20; // for one input, under any sanitizer

struct Settings {
    std::string target, keep, input;
    std::uint64_t runs = 2000, seed = 1;
    double seconds = 0;
};

// The present input. After a crash it is written out with nothing but system calls.
std::string current;
char crash_file[256];

void write_current() {
    const int file = ::open(crash_file, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    if (file < 0) return;
    [[maybe_unused]] const auto written = ::write(file, current.data(), current.size());
    ::close(file);
    for (const char* text : {"FAILED: input in ", static_cast<const char*>(crash_file), "\n"}) {
        [[maybe_unused]] const auto said = ::write(STDERR_FILENO, text, std::strlen(text));
    }
}

void on_signal(int signal) {
    write_current();
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    return content.str();
}

bool survives(const Target& target, const std::string& input) {
    current = input;
    ::alarm(patience_seconds);
    std::string wrong;
    coverage::start();
    try {
        target.run(input);
    } catch (const std::exception& error) { wrong = error.what(); } catch (...) {
        wrong = "something that is no std::exception";
    }
    ::alarm(0);
    if (wrong.empty()) return true;
    std::cerr << target.name << ": " << wrong << '\n';
    write_current();
    return false;
}

std::vector<std::string> corpus_of(const Target& target) {
    std::vector<std::filesystem::path> files;
    const auto folder = std::filesystem::path(CUNMAI_FUZZ_CORPUS) / target.name;
    if (std::filesystem::exists(folder))
        for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<std::string> inputs;
    for (const auto& file : files) inputs.push_back(content_of(file));
    if (inputs.empty()) throw std::runtime_error("no corpus for " + target.name);
    return inputs;
}

bool fuzz(const Target& target, const Settings& settings) {
    std::snprintf(crash_file, sizeof crash_file, "fuzz-failed-%s-%lu", target.name.c_str(),
                  static_cast<unsigned long>(settings.seed));
    if (!settings.input.empty()) return survives(target, content_of(settings.input));
    auto pool = corpus_of(target);
    bool fine = true;
    for (const auto& input : pool) {
        fine = survives(target, input) && fine;
        coverage::something_new();
    }
    const auto from_corpus = pool.size();
    Mutator mutator(settings.seed, target.words, target.length_max);
    const auto begun = std::chrono::steady_clock::now();
    const auto elapsed = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    };
    std::uint64_t runs = 0;
    for (; fine && (settings.seconds > 0 ? elapsed() < settings.seconds : runs < settings.runs); ++runs) {
        const auto input = mutator.mutated(pool[mutator.below(pool.size())], pool[mutator.below(pool.size())]);
        fine = survives(target, input);
        if (!coverage::something_new()) continue;
        pool.push_back(input);
        if (settings.keep.empty()) continue;
        std::filesystem::create_directories(settings.keep + '/' + target.name);
        std::ofstream(settings.keep + '/' + target.name + '/' + std::to_string(pool.size()), std::ios::binary) << input;
    }
    std::cout << target.name << ": " << runs << " inputs in " << elapsed() << " s, " << pool.size() - from_corpus
              << " new ways, " << coverage::known() << " known" << (fine ? "" : ", FAILED") << std::endl;
    return fine;
}

Settings read(int count, char** words) {
    Settings settings;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string word = words[i], value = words[i + 1];
        if (word == "--target")
            settings.target = value;
        else if (word == "--runs")
            settings.runs = std::stoull(value);
        else if (word == "--seconds")
            settings.seconds = std::stod(value);
        else if (word == "--seed")
            settings.seed = std::stoull(value);
        else if (word == "--keep")
            settings.keep = value;
        else if (word == "--input")
            settings.input = value;
        else
            throw std::invalid_argument("what is " + word + "?");
    }
    return settings;
}

} // namespace

std::string scratch_folder() {
    static const struct Folder {
        Folder() {
            const std::string root = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
            path = root + "/cunmai-fuzz-XXXXXX";
            if (!::mkdtemp(path.data())) throw std::runtime_error("no folder to work in");
        }
        ~Folder() {
            std::error_code ignored;
            std::filesystem::remove_all(path, ignored);
        }
        std::string path;
    } folder;
    return folder.path;
}

int run(int count, char** words) {
    const auto settings = read(count, words);
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGALRM}) ::signal(signal, on_signal);
    if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(write_current);
    bool fine = true, found = false;
    for (const auto& target : targets())
        if (settings.target.empty() || settings.target == target.name) {
            found = true;
            fine = fuzz(target, settings) && fine;
        }
    if (!found) throw std::invalid_argument("no target " + settings.target);
    return fine ? 0 : 1;
}

} // namespace cunmai::fuzz

int main(int count, char** words) {
    try {
        return cunmai::fuzz::run(count, words);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
