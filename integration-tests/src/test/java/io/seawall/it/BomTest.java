package io.seawall.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The BOM names every module that others compile against: those that publish their sources. */
class BomTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(seawall-[a-z0-9-]+)</artifactId>");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");
    private static final String PUBLISHED = "<maven.source.skip>false</maven.source.skip>";

    private static String pom(String module) throws IOException {
        return Files.readString(ROOT.resolve(module).resolve("pom.xml"));
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static List<String> published() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> artifactIfPublished(
                            Objects.requireNonNull(folder.getFileName()).toString()))
                    .filter(artifact -> !artifact.isEmpty())
                    .toList();
        }
    }

    private static String artifactIfPublished(String module) {
        try {
            var pom = pom(module);
            return pom.contains(PUBLISHED) ? found(ARTIFACT, pom).get(0) : "";
        } catch (IOException error) {
            throw new IllegalStateException(error);
        }
    }

    @Test
    void namesEveryPublishedModuleAndNoOther() throws IOException {
        var bom = pom("bom");
        var managed = bom.substring(bom.indexOf("<dependencyManagement>"), bom.indexOf("</dependencyManagement>"));

        assertThat(published()).hasSizeGreaterThan(5);
        assertThat(found(ARTIFACT, managed)).containsExactlyInAnyOrderElementsOf(published());
        assertThat(found(VERSION, managed)).allMatch("${project.version}"::equals);
    }

    @Test
    void hasTheVersionOfAllModules() throws IOException {
        assertThat(found(VERSION, pom("bom")).get(0))
                .isEqualTo(found(VERSION, pom(".")).get(0));
        assertThat(pom("bom")).doesNotContain("<parent>");
    }
}
