package planted.names.manager;

/** A planted breach. */
final class TopicManager {
    private TopicManager() {}
}
