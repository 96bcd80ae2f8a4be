package io.ringcast.image;

import org.agrona.collections.Long2ObjectHashMap;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is loaded is what was written: the same values, in the same order, and one object where there was one. */
class StateImageTest
{
    private static final List<Object> NOTHING_BORROWED = List.of();

    private enum Colour
    {
        RED, GREEN
    }

    private record Pair(long number, Object one, List<Object> several)
    {
    }

    private record Copying(long[] numbers)
    {
        private Copying
        {
            numbers = numbers.clone();
        }
    }

    private static class Base
    {
        private long number;
    }

    private static final class Node extends Base
    {
        static final Object END = new Object();

        private final int id;
        private long number;
        private Object next;

        private Node(final int id)
        {
            this.id = id;
        }
    }

    private static final class Root
    {
        private final List<Node> given = List.of(new Node(1), new Node(2));
        private final LongSupplier sum = () -> given.get(0).number + given.get(1).number;
        private final long[] table = new long[1_000];
        @NotInImage("borrowed")
        private byte[] borrowed;
        private boolean isSet;
        private byte small;
        private short shorter;
        private char letter;
        private float single;
        private double fraction;
        private Object any;
    }

    @Test
    void shouldLoadEachKindOfField() throws IOException
    {
        final Root written = new Root();
        final StateImage image = new StateImage(written);
        written.given.get(0).number = Long.MIN_VALUE;
        ((Base)written.given.get(0)).number = Long.MAX_VALUE;
        written.given.get(1).next = written.given.get(0);
        written.table[3] = 4;
        written.table[999] = -1;
        written.borrowed = new byte[1];
        written.isSet = true;
        written.small = -3;
        written.shorter = -300;
        written.letter = '\uFFFF';
        written.single = -0.0f;
        written.fraction = Double.MIN_VALUE;

        final Root loaded = loaded(image, written);

        assertEquals(Long.MIN_VALUE, loaded.given.get(0).number);
        assertEquals(Long.MAX_VALUE, ((Base)loaded.given.get(0)).number);
        assertSame(loaded.given.get(0), loaded.given.get(1).next);
        assertArrayEquals(written.table, loaded.table);
        assertNull(loaded.borrowed);
        assertTrue(loaded.isSet);
        assertEquals(-3, loaded.small);
        assertEquals(-300, loaded.shorter);
        assertEquals('\uFFFF', loaded.letter);
        assertEquals(-0.0f, loaded.single);
        assertEquals(Double.MIN_VALUE, loaded.fraction);
        assertEquals(Long.MIN_VALUE, loaded.sum.getAsLong());
    }

    @Test
    void shouldLoadWhatCameLater() throws IOException
    {
        final Node node = new Node(7);
        node.next = Node.END;
        final byte[] shared = {1, 2};
        final List<Object> all = new ArrayList<>();
        all.add(node);
        all.add(shared);
        all.add(new Pair(5, node, List.of(new Pair(6, shared, List.of()), "x")));
        all.add(new Object[]{1, 2L, true, 0.5, "\uD800", Colour.GREEN, null});
        all.add(new int[]{1, 0, 0, 3});
        all.add(new boolean[]{false, true});
        all.add(new short[]{-1});
        all.add(new double[]{-0.0, Double.NaN});
        all.add(new byte[][]{shared, null});
        all.add(new AtomicLong(9));
        all.add(BitSet.valueOf(new long[]{5, 0, 1}));
        all.add(new StringBuilder("text"));
        final Root written = new Root();
        final StateImage image = new StateImage(written);
        written.any = all;

        final List<?> loaded = (List<?>)loaded(image, written).any;

        final Node loadedNode = (Node)loaded.get(0);
        assertNotSame(node, loadedNode);
        assertEquals(7, loadedNode.id);
        assertSame(Node.END, loadedNode.next);
        assertArrayEquals(shared, (byte[])loaded.get(1));
        final Pair pair = (Pair)loaded.get(2);
        assertSame(loadedNode, pair.one);
        assertSame(loaded.get(1), ((Pair)pair.several.get(0)).one);
        assertArrayEquals((Object[])all.get(3), (Object[])loaded.get(3));
        assertArrayEquals((int[])all.get(4), (int[])loaded.get(4));
        assertArrayEquals((boolean[])all.get(5), (boolean[])loaded.get(5));
        assertArrayEquals((short[])all.get(6), (short[])loaded.get(6));
        assertArrayEquals((double[])all.get(7), (double[])loaded.get(7));
        assertSame(loaded.get(1), ((byte[][])loaded.get(8))[0]);
        assertEquals(9, ((AtomicLong)loaded.get(9)).get());
        assertEquals(all.get(10), loaded.get(10));
        assertEquals("text", loaded.get(11).toString());
    }

    @Test
    void shouldKeepTheOrderOfEachCollection() throws IOException
    {
        final Random random = new Random(1);
        final Map<Object, Object> map = new LinkedHashMap<>();
        final Set<Object> set = new LinkedHashSet<>();
        final Map<Object, Object> sorted = new TreeMap<>();
        final Set<Object> sortedSet = new TreeSet<>();
        final PriorityQueue<Object> queue = new PriorityQueue<>();
        final Long2ObjectHashMap<Object> byLong = new Long2ObjectHashMap<>();
        final ArrayDeque<Object> deque = new ArrayDeque<>();
        final LinkedList<Object> list = new LinkedList<>();
        for (int i = 0; i < 200; i++)
        {
            final long number = random.nextInt(1_000);
            map.put("k" + number, number);
            set.add(number);
            sorted.put(number, "v" + number);
            sortedSet.add("s" + number);
            queue.add(number);
            byLong.put(number, "n" + number);
            deque.addFirst(number);
            list.addLast(number);
            if (random.nextInt(4) == 0)
            {
                byLong.remove(random.nextInt(1_000));
                queue.poll();
            }
        }
        final Root written = new Root();
        final StateImage image = new StateImage(written);
        written.any = new Object[]{map, set, sorted, sortedSet, queue, byLong, deque, list};

        final Object[] loaded = (Object[])loaded(image, written).any;

        assertEquals(List.copyOf(map.entrySet()), List.copyOf(((Map<?, ?>)loaded[0]).entrySet()));
        assertEquals(List.copyOf(set), List.copyOf((Set<?>)loaded[1]));
        assertEquals(sorted, loaded[2]);
        assertEquals(sortedSet, loaded[3]);
        assertArrayEquals(queue.toArray(), ((PriorityQueue<?>)loaded[4]).toArray());
        assertArrayEquals(byLong.values().toArray(), ((Long2ObjectHashMap<?>)loaded[5]).values().toArray());
        assertArrayEquals(deque.toArray(), ((ArrayDeque<?>)loaded[6]).toArray());
        assertEquals(list, loaded[7]);
    }

    /** Histories are linked: what is reachable may be one long chain. */
    @Test
    void shouldTakeAnyDepth() throws IOException
    {
        final int depth = 200_000;
        Object chain = null;
        for (int i = 0; i < depth; i++)
        {
            final Node node = new Node(i);
            node.next = chain;
            chain = node;
        }
        final Root written = new Root();
        final StateImage image = new StateImage(written);
        written.any = chain;

        int found = 0;
        for (Object at = loaded(image, written).any; at != null; at = ((Node)at).next)
        {
            found++;
        }

        assertEquals(depth, found);
    }

    @Test
    void shouldRefuseByNameGivenAClassThatIsNotKnown()
    {
        for (final Object unknown : List.of(
            new HashMap<>(), new Random(1), (LongSupplier)() -> 1, Comparator.naturalOrder(), Set.of("a"),
            new Thread()))
        {
            final Root root = new Root();
            final StateImage image = new StateImage(root);
            final List<Object> list = new ArrayList<>();
            list.add(unknown);
            root.any = list;

            final String complaint = assertThrows(UnknownStateException.class, () -> write(image)).getMessage();

            assertTrue(complaint.startsWith("no image can be made of " + unknown.getClass().getName() +
                " behind java.util.ArrayList behind io.ringcast.image.StateImageTest$Root"), complaint);
        }
    }

    @Test
    void shouldRefuseFromTheBeginningGivenAClassThatIsNotKnown()
    {
        final Root root = new Root();
        root.any = new HashMap<>();

        assertThrows(UnknownStateException.class, () -> new StateImage(root));
    }

    @Test
    void shouldRefuseWhatIsOnlyBorrowed()
    {
        final Root root = new Root();
        final StateImage image = new StateImage(root);
        final byte[] borrowed = new byte[2];
        root.any = new Object[]{borrowed};

        assertThrows(UnknownStateException.class,
            () -> image.write(new long[0], List.of(borrowed), new ByteArrayOutputStream()));
    }

    @Test
    void shouldRefuseARecordThatKeepsACopy() throws IOException
    {
        final Root written = new Root();
        final StateImage image = new StateImage(written);
        written.any = new Copying(new long[]{1});
        final byte[] bytes = write(image);

        assertThrows(ImageFormatException.class, () -> read(new StateImage(new Root()), bytes));
    }

    @Test
    void shouldRefuseGivenOtherObjectsFromTheBeginning() throws IOException
    {
        final byte[] bytes = write(new StateImage(new Root()));

        assertThrows(ImageFormatException.class, () -> read(new StateImage(new Node(1)), bytes));
        assertThrows(ImageFormatException.class, () -> read(new StateImage(new Root(), new Root()), bytes));
    }

    @Test
    void shouldRefuseWhateverIsDamaged() throws IOException
    {
        final Root written = new Root();
        final StateImage image = new StateImage(written);
        written.any = new Object[]{new Pair(1, "one", List.of()), new TreeMap<>(Map.of("k", 1L)), new Node(3)};
        final byte[] bytes = write(image);

        for (int at = 0; at < bytes.length; at++)
        {
            final byte[] flipped = bytes.clone();
            flipped[at] ^= (byte)(1 << at % Byte.SIZE);
            final byte[] truncated = Arrays.copyOf(bytes, at);
            assertThrows(ImageFormatException.class, () -> read(new StateImage(new Root()), flipped), "byte " + at);
            assertThrows(ImageFormatException.class, () -> read(new StateImage(new Root()), truncated), "byte " + at);
        }
    }

    private static Root loaded(final StateImage image, final Root written) throws IOException
    {
        final byte[] bytes = write(image);
        assertArrayEquals(bytes, write(image));
        final Root loaded = new Root();
        final StateImage target = new StateImage(loaded);
        assertArrayEquals(new long[]{1, -2}, read(target, bytes));
        assertArrayEquals(bytes, write(target));
        assertNotSame(written, loaded);
        return loaded;
    }

    private static byte[] write(final StateImage image) throws IOException
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        image.write(new long[]{1, -2}, NOTHING_BORROWED, out);
        return out.toByteArray();
    }

    private static long[] read(final StateImage image, final byte[] bytes) throws IOException
    {
        return image.read(new ByteArrayInputStream(bytes));
    }
}
