#include "adapters/diagram/diagram.hpp"
#include "adapters/cli/shell.hpp"
#include "workflows/all.hpp"

#include <fstream>
#include <iostream>

namespace cunmai::cli {

namespace {

struct Flags {
    std::string workflow, format = "svg", output;
};

std::string drawn(const engine::DefinitionInfo& info, const std::string& format, const std::string& language) {
    if (format == "mermaid") return diagram::mermaid(info, language);
    if (format == "plantuml") return diagram::plantuml(info, language);
    if (format == "bpmn") return diagram::bpmn(info, language);
    if (format == "matrix") return diagram::permission_matrix_markdown(info, language);
    return diagram::svg(info, language);
}

int draw(const Shell& shell, const Flags& flags) {
    engine::Registry registry;
    workflows::add_all(registry);
    const auto* definition = registry.newest(flags.workflow);
    if (!definition) {
        std::string all;
        for (const auto* one : registry.current()) all += (all.empty() ? "" : ", ") + one->info().key;
        shell.stop(exit_usage, "cli.diagram.unknown", {{"workflow", flags.workflow}, {"workflows", all}});
    }
    const auto text = drawn(definition->info(), flags.format, shell.language());
    if (flags.output.empty()) {
        std::cout << text << (text.ends_with('\n') ? "" : "\n") << std::flush;
        return exit_ok;
    }
    std::ofstream out(flags.output, std::ios::binary);
    out << text;
    out.close();
    if (!out) shell.stop(exit_unreachable, "cli.no_write", {{"file", flags.output}});
    shell.say("cli.diagram.written", {{"file", flags.output}});
    return exit_ok;
}

} // namespace

void add_diagram(Shell& shell) {
    auto flags = std::make_shared<Flags>();
    auto* command = shell.command("diagram", "Draw a workflow from its transition table",
                                  [&shell, flags] { return draw(shell, *flags); });
    command->add_option("WORKFLOW", flags->workflow, "Key of the workflow; to an unknown one it names all")->required();
    command
        ->add_option("--format", flags->format, "svg, mermaid, plantuml, bpmn, or matrix (who may do what, Markdown)")
        ->check(::CLI::IsMember({"svg", "mermaid", "plantuml", "bpmn", "matrix"}))
        ->capture_default_str();
    command->add_option("--output", flags->output, "File to write (default: standard output)");
}

} // namespace cunmai::cli
