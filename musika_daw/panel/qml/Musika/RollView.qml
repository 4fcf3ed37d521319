// What a stem plays: left of the line its level as it was, right of it the notes to come; they run to the left.
import QtQuick

Rectangle {
    id: view
    property string stem
    property color tint: Theme.accent
    readonly property real perBeat: width / Timeline.beats
    readonly property real line: Timeline.past * perBeat
    readonly property var bars: roll.lane(stem)
    readonly property int beat: Math.floor(sixteenth / 4)
    readonly property int sixteenth: Math.floor(Timeline.position * 4 + 0.001)

    color: Theme.ground
    radius: 4
    clip: true
    Accessible.ignored: true

    Item {
        x: (Timeline.past - Timeline.position) * view.perBeat
        height: parent.height
        Repeater {
            // Bar and beat lines around what is seen.
            model: Math.ceil(Timeline.beats) + 1
            Rectangle {
                required property int index
                readonly property int beat: view.beat - Timeline.past + index
                x: beat * view.perBeat
                width: 1
                height: view.height
                color: beat % 4 ? "#1c2027" : Theme.line
            }
        }
        Repeater {
            model: view.bars
            Item {
                id: bar
                required property var notes
                Repeater {
                    model: bar.notes
                    Rectangle {
                        required property var modelData
                        readonly property bool sounds: modelData.beat * 4 < view.sixteenth + 1 && view.sixteenth < (modelData.beat + Math.max(modelData.length, 0.25)) * 4
                        x: modelData.beat * view.perBeat
                        width: Math.max(4, modelData.length * view.perBeat - 1)
                        height: Math.max(4, Math.min(10, (view.height - 8) / (view.bars.high - view.bars.low + 1)))
                        y: 4 + (view.bars.high - modelData.pitch) * (view.height - 8 - height) / (view.bars.high - view.bars.low)
                        radius: 2
                        color: Qt.alpha(sounds && transport.plays ? Theme.text : view.tint, 0.4 + 0.6 * modelData.strength)
                    }
                }
            }
        }
        Repeater {
            model: splices.marks
            Rectangle {
                required property var modelData
                visible: !modelData.stem || modelData.stem === view.stem
                x: modelData.beat * view.perBeat
                width: modelData.landed ? 2 : 1
                height: view.height
                color: Qt.alpha(Theme.warning, modelData.landed ? 0.9 : 0.5)
            }
        }
    }
    Rectangle { width: view.line; height: parent.height; color: "#80101216" }
    Rectangle { x: view.line - 1; width: 2; height: parent.height; color: Qt.alpha(Theme.text, 0.8) }
    Text {
        anchors.centerIn: parent
        visible: view.bars.rests
        text: transport.plays ? qsTr("no notes here now: it rests, or the model makes sound and no notes") : qsTr("its notes appear here when it plays")
        color: Theme.dim
        font.pixelSize: Theme.small
    }
}
