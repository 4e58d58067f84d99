package io.seawall.it;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds citations without a target: pages, sections and steps of docs, decisions, faults, promises, links and classes. */
final class Citations {
    private static final Pattern TEXT_FILE = Pattern.compile(".*\\.(java|md|xml|ya?ml|properties|sh|pml|js|avsc)"
            + "|seawall|Dockerfile|run|check"); // the last two are scripts of .ci, docs/model and docs/samples
    private static final Set<String> SKIPPED_FOLDERS = Set.of("target", ".git", "data", "node_modules");

    private static final Pattern PAGE = Pattern.compile(
            "(?<![\\w/.-])docs/([\\w./-]+\\.md)(?:#([\\w-]+)(?:, steps? (\\d+)(?: (?:and|to) (\\d+))?)?)?");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern DECISION = Pattern.compile("\\b[Dd]ecisions? (\\d{1,4})(?:(?: and|,) (\\d{1,4}))?\\b");
    private static final Pattern FAULT = Pattern.compile("\\b(T[1-9]\\d?)\\b");
    private static final Pattern PROMISE = Pattern.compile("\\b(P[1-9])\\b");
    private static final Pattern CLASSES = Pattern.compile("(?m)(?:^- Relied on by|Seen): (.*)$");
    private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w+)`");
    /** Citations from before the pages were in the repository, and of trackers that readers do not have. */
    private static final Pattern LEFT_OVER = Pattern.compile(
            "\\b([Dd]esign,? \\(?(?:section )?\\d|[Ff]acts(?: on Kafka(?: transactions)?)?,? (?:\\d|T\\d)"
                    + "|[Ii]ssues? #?\\d|(?:[Tt]he|[Tt]his) (?:issue|design)\\b)");

    private static final Pattern LINE_BREAK = Pattern.compile("\\R[ \\t]*(?:\\*|//)?[ \\t]*");
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\\n]*`");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");

    private final Path root;
    private final Map<Path, String> texts;
    private final Map<Path, Page> pages = new TreeMap<>();
    private final Set<Integer> decisions;
    private final Set<String> faults;
    private final Set<String> promises;
    private final Set<String> classes;

    private Citations(Path root, Map<Path, String> texts) {
        this.root = root;
        this.texts = texts;
        texts.forEach((file, text) -> {
            if (isPage(file)) {
                pages.put(file, Page.of(text));
            }
        });
        this.decisions = numbers("docs/decisions/(\\d{4})-.*\\.md");
        this.faults = rows("docs/faults.md", FAULT);
        this.promises = rows("README.md", PROMISE);
        this.classes = texts.keySet().stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".java"))
                .map(name -> name.replace(".java", ""))
                .collect(Collectors.toSet());
    }

    /** Reads every text file in a folder and its subfolders. */
    static Citations in(Path root) throws IOException {
        var texts = new TreeMap<Path, String>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return SKIPPED_FOLDERS.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (TEXT_FILE.matcher(file.getFileName().toString()).matches()) {
                    texts.put(root.relativize(file), Files.readString(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return new Citations(root, texts);
    }

    /** Returns the texts of the files, by their paths relative to the root. */
    Map<Path, String> texts() {
        return texts;
    }

    /** Returns the number of citations of pages. */
    long count() {
        return texts.values().stream()
                .flatMap(text -> PAGE.matcher(text).results())
                .count();
    }

    /** Returns the citations in a text that have no target, one line each. */
    List<String> broken(Path file, String text) {
        var found = new ArrayList<String>();
        var flat = LINE_BREAK.matcher(text).replaceAll(" ");
        PAGE.matcher(flat).results().forEach(cited -> checkPage(file, cited, found));
        LEFT_OVER
                .matcher(flat)
                .results()
                .forEach(cited -> found.add(file + ": '" + cited.group() + "' cites what is not in the repository"));
        var prose = isPage(file) ? CODE.matcher(text).replaceAll("") : comments(text);
        var flatProse = LINE_BREAK.matcher(prose).replaceAll(" ");
        DECISION.matcher(flatProse).results().forEach(cited -> checkDecision(file, cited, found));
        if (isPage(file) || file.toString().endsWith(".java")) {
            checkNames(file, flatProse, FAULT, faults, "a row of docs/faults.md", found);
            checkNames(file, flatProse, PROMISE, promises, "a promise of README.md", found);
        }
        if (isPage(file)) {
            LINK.matcher(prose).results().forEach(link -> checkLink(file, link.group(1), found));
            CLASSES.matcher(text).results().forEach(line -> checkClasses(file, line.group(1), found));
        }
        return found;
    }

    private void checkPage(Path file, MatchResult cited, List<String> found) {
        var target = Path.of("docs", cited.group(1));
        var anchor = Optional.ofNullable(cited.group(2));
        var problem = problem(target, anchor);
        if (problem.isPresent()) {
            found.add(file + ": " + cited.group() + ": " + problem.get());
            return;
        }
        var steps = pages.getOrDefault(target, Page.EMPTY).steps(anchor.orElse(""));
        Stream.of(3, 4)
                .flatMap(group -> Optional.ofNullable(cited.group(group)).stream())
                .filter(step -> !steps.contains(Integer.valueOf(step)))
                .forEach(step -> found.add(file + ": " + cited.group() + ": that section has no step " + step));
    }

    private void checkLink(Path file, String link, List<String> found) {
        if (link.matches("[a-z]+:.*")) {
            return;
        }
        var parts = link.split("#", 2);
        var target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
        problem(target, parts.length == 2 ? Optional.of(parts[1]) : Optional.empty())
                .ifPresent(problem -> found.add(file + ": link to " + link + ": " + problem));
    }

    /** Returns why a page or its section does not exist; empty if it does. */
    private Optional<String> problem(Path target, Optional<String> anchor) {
        if (!Files.exists(root.resolve(target))) {
            return Optional.of("there is no " + target);
        }
        var sections = pages.getOrDefault(target, Page.EMPTY).sections();
        return anchor.filter(wanted -> !sections.containsKey(wanted))
                .map(wanted -> target + " has no section with the anchor " + wanted);
    }

    private void checkDecision(Path file, MatchResult cited, List<String> found) {
        Stream.of(1, 2)
                .flatMap(group -> Optional.ofNullable(cited.group(group)).stream())
                .filter(number -> !decisions.contains(Integer.valueOf(number)))
                .forEach(number -> found.add(file + ": there is no decision " + number));
    }

    private static void checkNames(
            Path file, String prose, Pattern pattern, Set<String> names, String what, List<String> found) {
        pattern.matcher(prose)
                .results()
                .map(MatchResult::group)
                .filter(name -> !names.contains(name))
                .forEach(name -> found.add(file + ": " + name + " is not " + what));
    }

    private void checkClasses(Path file, String line, List<String> found) {
        CLASS.matcher(line)
                .results()
                .map(name -> name.group(1))
                .filter(name -> !classes.contains(name))
                .forEach(name -> found.add(file + ": there is no class " + name));
    }

    private Set<Integer> numbers(String path) {
        return texts.keySet().stream()
                .map(file -> Pattern.compile(path).matcher(file.toString()))
                .filter(name -> name.matches())
                .map(name -> Integer.valueOf(name.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> rows(String page, Pattern name) {
        var text = texts.getOrDefault(Path.of(page), "");
        return Pattern.compile("(?m)^\\| " + name.pattern())
                .matcher(text)
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isPage(Path file) {
        return file.toString().endsWith(".md");
    }

    private static String comments(String text) {
        return COMMENT.matcher(text).results().map(MatchResult::group).collect(Collectors.joining("\n"));
    }

    /**
     * The sections of a page.
     *
     * @param sections the text below each heading, by the heading's anchor in Markdown viewers
     */
    private record Page(Map<String, String> sections) {
        static final Page EMPTY = new Page(Map.of());

        private static final Pattern FENCED = Pattern.compile("(?s)```.*?```");
        private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.*)$");
        private static final Pattern STEP = Pattern.compile("(?m)^(\\d+)\\. ");

        static Page of(String page) {
            var text = FENCED.matcher(page).replaceAll("");
            var sections = new TreeMap<String, String>();
            var headings = HEADING.matcher(text).results().toList();
            for (var at = 0; at < headings.size(); at++) {
                var end = at + 1 < headings.size() ? headings.get(at + 1).start() : text.length();
                sections.put(
                        anchor(headings.get(at).group(1)),
                        text.substring(headings.get(at).end(), end));
            }
            return new Page(sections);
        }

        private static String anchor(String heading) {
            return heading.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
        }

        Set<Integer> steps(String anchor) {
            return STEP.matcher(sections.getOrDefault(anchor, ""))
                    .results()
                    .map(step -> Integer.valueOf(step.group(1)))
                    .collect(Collectors.toSet());
        }
    }
}
