package io.millrace.core.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.RandomJson;
import io.millrace.core.value.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class UpdatePropertiesTest {
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void anUpdateChangesNeitherTheOldValueNorTheOps(long seed) {
        SplittableRandom chance = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            Json old = Json.of(new RandomJson(chance).object(4));
            List<UpdateOp> ops = ops(chance);
            List<String> before = new ArrayList<>(List.of(old.tree().toString()));
            ops.forEach(op -> before.add(text(op)));
            Updated updated = UpdateOps.apply(old, ops);
            List<String> after = new ArrayList<>(List.of(old.tree().toString()));
            ops.forEach(op -> after.add(text(op)));
            assertThat(after).isEqualTo(before);
            assertThat(UpdateOps.apply(Json.ofTrusted(old.utf8()), ops)).isEqualTo(updated);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void manyOpsAtOnceAreTheSameOpsOneByOne(long seed) {
        SplittableRandom chance = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            Json old = new RandomJson(chance).value();
            List<UpdateOp> ops = ops(chance);
            Json value = old;
            List<OpError> errors = new ArrayList<>();
            for (int at = 0; at < ops.size(); at++) {
                Updated step = UpdateOps.apply(value, List.of(ops.get(at)));
                value = step.value();
                for (OpError error : step.errors()) {
                    errors.add(new OpError(at, error.code(), error.message()));
                    assertThat(error.code()).startsWith(ops.get(at).name() + ".");
                }
            }
            assertThat(UpdateOps.apply(old, ops)).isEqualTo(new Updated(value, errors));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void anItemThatIsMissingIsMadeByAnyUpdate(long seed) {
        SplittableRandom chance = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            assertThat(UpdateOps.apply(null, ops(chance)).value().sizeBytes()).isPositive();
        }
    }

    @Test
    void whatNoOpTouchesIsSharedAndNotCopied() {
        ObjectNode large = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < 100; i++) {
            large.putObject("k" + i).put("deep", "x".repeat(100));
        }
        Json old = Json.of(large);
        Updated updated = UpdateOps.apply(
                old, List.of(new UpdateOp.Merge(List.of("k7"), Json.ofText("{\"n\":1}")), new UpdateOp.Remove("k8")));
        JsonNode tree = updated.value().tree();
        assertThat(tree.path("k0")).isSameAs(large.path("k0"));
        assertThat(tree.path("k7")).isNotSameAs(large.path("k7"));
        assertThat(tree.path("k7").path("deep")).isSameAs(large.path("k7").path("deep"));
        assertThat(large.size()).isEqualTo(100);
    }

    @Test
    void anUpdateThatChangesNothingGivesTheOldValueItself() {
        Json old = Json.ofText("{\"a\":1}");
        assertThat(UpdateOps.apply(old, List.of()).value()).isSameAs(old);
        assertThat(UpdateOps.apply(old, List.of(new UpdateOp.Remove("b"), new UpdateOp.Increment("", 1)))
                        .value())
                .isSameAs(old);
    }

    private static List<UpdateOp> ops(SplittableRandom chance) {
        RandomJson random = new RandomJson(chance);
        List<UpdateOp> ops = new ArrayList<>();
        for (int i = chance.nextInt(6); i > 0; i--) {
            ops.add(op(chance, random));
        }
        return ops;
    }

    private static UpdateOp op(SplittableRandom chance, RandomJson random) {
        long by = chance.nextBoolean() ? chance.nextLong() : chance.nextInt(-3, 4);
        return switch (chance.nextInt(6)) {
            case 0 -> new UpdateOp.Set(random.fewNames(), random.value());
            case 1 -> new UpdateOp.Merge(path(chance, random), Json.of(random.object(2)));
            case 2 -> new UpdateOp.Increment(random.fewNames(), by);
            case 3 -> new UpdateOp.Decrement(random.fewNames(), by);
            case 4 -> new UpdateOp.Append(path(chance, random), random.value());
            default -> new UpdateOp.Remove(random.fewNames());
        };
    }

    private static List<String> path(SplittableRandom chance, RandomJson random) {
        List<String> path = new ArrayList<>();
        for (int i = chance.nextInt(4); i > 0; i--) {
            path.add(random.pick(List.of("a", "b", "a\"", "😀")));
        }
        return path;
    }

    private static String text(UpdateOp op) {
        @Nullable
        Json value = switch (op) {
            case UpdateOp.Set set -> set.value();
            case UpdateOp.Merge merge -> merge.value();
            case UpdateOp.Append append -> append.value();
            case UpdateOp.Increment ignored -> null;
            case UpdateOp.Decrement ignored -> null;
            case UpdateOp.Remove ignored -> null;
        };
        return op + (value == null ? "" : value.tree().toString());
    }
}
