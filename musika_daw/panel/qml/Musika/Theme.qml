// The one visual language: colours, spacing, type. Everything else takes its looks from here.
pragma Singleton
import QtQuick

QtObject {
    readonly property color ground: "#101216"
    readonly property color surface: "#191c22"
    readonly property color raised: "#272b34"
    readonly property color line: "#3d4450"
    readonly property color text: "#f0f2f5"
    readonly property color dim: "#a3abb8"
    readonly property color accent: "#f08a4b"
    readonly property color good: "#5fc08a"
    readonly property color warning: "#f2c14e"
    readonly property color danger: "#e5534b"
    readonly property var anchors: ["#f08a4b", "#57c7b6", "#c98bf0", "#8fb94f"]
    readonly property int gap: 8
    readonly property int padding: 12
    readonly property int radius: 8
    readonly property int control: 30
    readonly property int small: 12
    readonly property int normal: 14
    readonly property int large: 18
    readonly property int huge: 34
    readonly property string digits: "DejaVu Sans"
    readonly property int pause: 600 // before a tooltip, ms

    function of(stem) {
        return stem in stemColours ? stemColours[stem] : accent;
    }
}
