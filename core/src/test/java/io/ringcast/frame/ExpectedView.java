package io.ringcast.frame;

import com.fasterxml.jackson.core.JsonToken;
import io.ringcast.frame.JacksonOracle.Node;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The envelope rules written a second time, over the oracle's tree, and views in a form that can be compared.
 * Immutable.
 */
final class ExpectedView
{
    private static final List<String> NAMES = List.of("jsonrpc", "id", "method", "params", "result", "error");

    private ExpectedView()
    {
    }

    /** What the decoder must say of a text, without the words of a refusal. */
    static String of(final byte[] text, final Node root)
    {
        if (root == null)
        {
            return FrameKind.INVALID_JSON.toString();
        }
        if (root.first == JsonToken.START_ARRAY)
        {
            return FrameKind.BATCH + range(" text", root) + root.children.stream()
                .map(element -> range(" element", element)).collect(Collectors.joining());
        }
        if (root.first != JsonToken.START_OBJECT)
        {
            return FrameKind.INVALID_REQUEST + range(" text", root);
        }

        final Node id = only(root, "id");
        final Node method = only(root, "method");
        final Node params = only(root, "params");
        final Node result = only(root, "result");
        final Node error = only(root, "error");
        final FrameKind shape = method != null ? id != null ? FrameKind.CALL : FrameKind.NOTIFICATION :
            id != null && (result != null || error != null) ? FrameKind.RESPONSE : FrameKind.INVALID_REQUEST;
        final boolean hasNotificationParams = shape == FrameKind.NOTIFICATION && params != null &&
            params.first == JsonToken.START_OBJECT;

        final boolean isRefused = shape == FrameKind.INVALID_REQUEST ||
            isAmbiguous(root, NAMES) || isSpeltOtherwise(root) ||
            id != null && id.first.isStructStart() ||
            method != null && !isPlainString(text, method) ||
            method != null && !isVersion(text, only(root, "jsonrpc")) ||
            hasNotificationParams && isAmbiguous(params, List.of("subscription", "result", "error"));
        final String head = (isRefused ? FrameKind.INVALID_REQUEST : shape) + range(" text", root);
        if (isRefused)
        {
            final boolean isIdUsable = id != null && !id.first.isStructStart() && count(root, "id") == 1;
            return head + range(" id", isIdUsable ? id : null);
        }
        final String methodRange = method == null ? "" : " method " + (method.offset + 1) + "-" + (method.end - 1);
        final String envelope = head + range(" id", id) + methodRange + range(" params", params) +
            range(" result", result) + range(" error", error);
        return !hasNotificationParams ? envelope : envelope + range(" subscription", only(params, "subscription")) +
            range(" item", only(params, "result")) + range(" itemError", only(params, "error"));
    }

    /** A decoded view in the same form; ranges count from the given start of the text. */
    static String of(final FrameView view, final int start)
    {
        final StringBuilder out = new StringBuilder(view.kind.toString());
        if (view.kind != FrameKind.INVALID_JSON)
        {
            range(out, " text", view.textOffset - start, view.textLength);
        }
        if (view.idOffset != FrameView.ABSENT)
        {
            range(out, " id", view.idOffset - start, view.idLength);
        }
        if (view.methodOffset != FrameView.ABSENT)
        {
            range(out, " method", view.methodOffset - start, view.methodLength);
        }
        if (view.paramsOffset != FrameView.ABSENT)
        {
            range(out, " params", view.paramsOffset - start, view.paramsLength);
        }
        if (view.resultOffset != FrameView.ABSENT)
        {
            range(out, " result", view.resultOffset - start, view.resultLength);
        }
        if (view.errorOffset != FrameView.ABSENT)
        {
            range(out, " error", view.errorOffset - start, view.errorLength);
        }
        if (view.subscriptionOffset != FrameView.ABSENT)
        {
            range(out, " subscription", view.subscriptionOffset - start, view.subscriptionLength);
        }
        if (view.itemOffset != FrameView.ABSENT)
        {
            range(out, " item", view.itemOffset - start, view.itemLength);
        }
        if (view.itemErrorOffset != FrameView.ABSENT)
        {
            range(out, " itemError", view.itemErrorOffset - start, view.itemErrorLength);
        }
        for (int i = 0; i < view.elementCount; i++)
        {
            range(out, " element", view.elementOffsets[i] - start, view.elementLengths[i]);
        }
        return out.toString();
    }

    private static void range(final StringBuilder out, final String name, final int offset, final int length)
    {
        out.append(name).append(' ').append(offset).append('-').append(offset + length);
    }

    private static String range(final String name, final Node node)
    {
        return node == null ? "" : name + " " + node.offset + "-" + node.end;
    }

    private static Node only(final Node object, final String name)
    {
        return object.children.stream().filter(child -> child.name.equals(name)).findFirst().orElse(null);
    }

    private static long count(final Node object, final String name)
    {
        return object.children.stream().filter(child -> child.name.equals(name)).count();
    }

    private static boolean isAmbiguous(final Node object, final List<String> names)
    {
        return names.stream().anyMatch(name -> count(object, name) > 1) ||
            object.children.stream().anyMatch(child -> child.name.indexOf('\\') >= 0);
    }

    /** Whether a parser that does not tell capital letters from small ones could find another envelope. */
    private static boolean isSpeltOtherwise(final Node object)
    {
        return object.children.stream().map(child -> child.name).anyMatch(
            name -> name.chars().anyMatch(letter -> letter > 0x7F) ||
                !NAMES.contains(name) && NAMES.contains(name.toLowerCase(Locale.ROOT)));
    }

    private static boolean isPlainString(final byte[] text, final Node node)
    {
        return node.first == JsonToken.VALUE_STRING &&
            raw(text, node).chars().noneMatch(letter -> letter == '\\' || letter > 0x7F);
    }

    private static boolean isVersion(final byte[] text, final Node node)
    {
        return node != null && "\"2.0\"".equals(raw(text, node));
    }

    private static String raw(final byte[] text, final Node node)
    {
        return new String(text, node.offset, node.end - node.offset, StandardCharsets.ISO_8859_1);
    }
}
