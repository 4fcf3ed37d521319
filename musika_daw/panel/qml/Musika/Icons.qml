// Paths of the signs, in a square of 16.
pragma Singleton
import QtQuick

QtObject {
    readonly property string play: "M4 2 L14 8 L4 14 Z"
    readonly property string stop: "M3 3 H13 V13 H3 Z"
    readonly property string record: "M8 2 A6 6 0 1 1 7.99 2 Z"
    readonly property string start: "M3 2 H5 V14 H3 Z M14 2 L6 8 L14 14 Z"
    readonly property string dice: "M3 1 H13 A2 2 0 0 1 15 3 V13 A2 2 0 0 1 13 15 H3 A2 2 0 0 1 1 13 V3 A2 2 0 0 1 3 1 Z M5 4 A1 1 0 1 0 5.01 4 Z M11 10 A1 1 0 1 0 11.01 10 Z M8 7 A1 1 0 1 0 8.01 7 Z"
    readonly property string back: "M6 3 L2 7 L6 11 M2 7 H10 A4 4 0 0 1 10 14 H7"
    readonly property string again: "M13 8 A5 5 0 1 1 10.5 3.7 M10 1 L11 4 L8 5"
    readonly property string close: "M4 4 L12 12 M12 4 L4 12"
    readonly property string folder: "M1 4 H6 L8 6 H15 V13 H1 Z"
    readonly property string down: "M4 6 L8 10 L12 6"
    readonly property string up: "M4 10 L8 6 L12 10"
    readonly property string left: "M10 3 L5 8 L10 13"
    readonly property string right: "M6 3 L11 8 L6 13"
    readonly property string drift: "M1 8 C4 0 7 0 8 8 C9 16 12 16 15 8"
    readonly property string more: "M3 8 H3.01 M8 8 H8.01 M13 8 H13.01"
}
