// Asks for the choice of a style.
pragma Singleton
import QtQuick

QtObject {
    signal asked(Item where, var item)

    function open(where, item) {
        asked(where, item);
    }
}
