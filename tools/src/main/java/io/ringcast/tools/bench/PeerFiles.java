package io.ringcast.tools.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What peers need on disk, and whether they are installed. Confined to the main thread. */
final class PeerFiles implements AutoCloseable
{
    static final Path NCHAN_MODULE = Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so");

    private final Path directory = Files.createTempDirectory("ringcast-bench");
    private final Path nodeModules;

    PeerFiles(final Path wantedNodeModules) throws IOException
    {
        nodeModules = Stream.of(
                wantedNodeModules == null ? Path.of("node_modules") : wantedNodeModules,
                Path.of(System.getenv().getOrDefault("NODE_PATH", "node_modules")),
                Path.of("tools/src/test/clients/node_modules"))
            .filter(each -> Files.isDirectory(each.resolve("ws")))
            .map(Path::toAbsolutePath)
            .findFirst()
            .orElse(null);
    }

    Path directory()
    {
        return directory;
    }

    /** Where {@code ws} is, or null. */
    Path nodeModules()
    {
        return nodeModules;
    }

    String missing(final Peer peer)
    {
        switch (peer)
        {
            case WS_RELAY:
            case WS_PROXY:
                return !Shell.has("node") ? "Node 20 or newer (Debian: nodejs)" :
                    nodeModules == null ? "npm install ws, then --node-modules DIR/node_modules" : null;

            case NATS:
                return Shell.has("nats-server") ? null : "apt-get install nats-server";

            case NCHAN:
                return Shell.has("nginx") && Files.exists(NCHAN_MODULE) ? null :
                    "apt-get install nginx libnginx-mod-nchan";

            default:
                return Shell.has("nginx") ? null : "apt-get install nginx";
        }
    }

    String version(final Peer peer)
    {
        switch (peer)
        {
            case WS_RELAY:
            case WS_PROXY:
                return "ws " + wsVersion() + ", Node " + Shell.line("node", "--version");

            case NATS:
                return Shell.line("nats-server", "--version");

            case NCHAN:
                return Shell.line("nginx", "-v") + ", nchan " +
                    Shell.line("dpkg-query", "-W", "-f=${Version}", "libnginx-mod-nchan");

            default:
                return Shell.line("nginx", "-v");
        }
    }

    private String wsVersion()
    {
        try
        {
            return Files.readString(nodeModules.resolve("ws/package.json"))
                .replaceAll("(?s).*\"version\"\\s*:\\s*\"([^\"]*)\".*", "$1");
        }
        catch (final IOException ex)
        {
            return "unknown";
        }
    }

    /** Writes one of our files with its marks filled in. */
    Path write(final String name, final Map<String, String> marks) throws IOException
    {
        try (InputStream resource = PeerFiles.class.getResourceAsStream(name))
        {
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            for (final Map.Entry<String, String> mark : marks.entrySet())
            {
                text = text.replace(mark.getKey(), mark.getValue());
            }
            return Files.writeString(directory.resolve(name), text);
        }
    }

    @Override
    public void close()
    {
        try (Stream<Path> walk = Files.walk(directory))
        {
            final List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (final Path path : deepestFirst)
            {
                Files.deleteIfExists(path);
            }
        }
        catch (final IOException ex)
        {
            // It is in the temporary directory.
            directory.toFile().deleteOnExit();
        }
    }
}
